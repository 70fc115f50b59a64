import Curl
import Epoll

extension HTTPEngine {
    /// For the requests of a command, to wherever its user said.
    static func forCommands() throws -> HTTPEngine {
        var configuration = HTTPEngineConfiguration()
        configuration.addresses = AddressPolicy(allow: ["0.0.0.0/0", "::/0"])
        return try HTTPEngine(on: Reactor(), configuration: configuration)
    }
}
