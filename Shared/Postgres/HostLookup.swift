import Glibc

/// Turns the `host` of connection parameters into `hostaddr`, because libpq would look a name up in place and so hold
/// up everything else on the reactor.
struct HostLookup: Sendable {
    let parameters: ConnectionParameters
    private let hosts: [String]
    private let ports: [String]

    init(_ parameters: ConnectionParameters) {
        var parameters = parameters
        if parameters["host"] == nil, parameters["hostaddr"] == nil {
            let defaults = ConnectionParameters.defaults()
            for keyword in ["host", "hostaddr"] { defaults[keyword].map { parameters.set(keyword, $0) } }
        }
        self.parameters = parameters
        hosts = Self.list(parameters["host"] ?? "")
        ports = Self.list(parameters["port"] ?? "")
    }

    /// False when there is no name among the hosts: only addresses, folders of sockets or nothing.
    var isNeeded: Bool { parameters["hostaddr"] == nil && hosts.contains(where: Self.isName) }

    /// Looks the names up on a thread that ends with it, and calls `completion` there.
    ///
    /// A look-up takes as long as the resolver likes; whoever waits needs a deadline.
    func start(_ completion: @escaping @Sendable (Result<ConnectionParameters, PostgresError>) -> Void) {
        final class Work: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        let work = Unmanaged.passRetained(Work { completion(Result { () throws(PostgresError) in try resolved() }) })
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                Unmanaged<Work>.fromOpaque(context!).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard code != 0 else { return _ = pthread_detach(thread) }
        work.release()
        completion(.failure(.connection("out of threads")))
    }

    /// Each name once per address, in the resolver's order: libpq tries them one after the other. Blocks.
    func resolved() throws(PostgresError) -> ConnectionParameters {
        var (names, addresses, numbers, failure) = ([String](), [String](), [String](), "")
        for (index, host) in hosts.enumerated() {
            var found = [""]
            if Self.isName(host) {
                do { found = try Self.addresses(of: host) } catch { failure = error.text; continue }
            }
            for address in found {
                names.append(host)
                addresses.append(address)
                if ports.count == hosts.count { numbers.append(ports[index]) }
            }
        }
        guard !names.isEmpty else { throw .connection(failure) }
        var parameters = parameters
        parameters.set("host", names.joined(separator: ","))
        parameters.set("hostaddr", addresses.joined(separator: ","))
        if ports.count > 1 { parameters.set("port", numbers.joined(separator: ",")) }
        return parameters
    }

    private struct Failure: Error { let text: String }

    private static func addresses(of host: String) throws(Failure) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { throw Failure(text: "cannot look up \(host): \(String(cString: gai_strerror(code)))") }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let entry = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 {
                addresses.append(text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) })
            }
            next = entry.ai_next
        }
        guard !addresses.isEmpty else { throw Failure(text: "\(host) has no address") }
        return addresses
    }

    private static func isName(_ host: String) -> Bool {
        var address = in_addr()
        return !host.isEmpty && !host.hasPrefix("/") && !host.hasPrefix("@") && !host.contains(":")
            && inet_pton(AF_INET, host, &address) != 1
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
