import Epoll
import Glibc
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(1))) struct ConnectTests {
    @Test(
        "A session has the settings of DESIGN from its first statement on",
        arguments: [
            ("statement_timeout", "5s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "5s"),
            ("plan_cache_mode", "force_generic_plan"), ("enable_seqscan", "off"), ("enable_bitmapscan", "off"),
            ("jit", "off"), ("search_path", "martlet"), ("application_name", "settings"), ("client_encoding", "UTF8"),
            ("martlet.tenant_id", #"a b\c"#),
        ])
    func settings(name: String, value: String) async throws {
        let configuration = try Database.configuration(
            application: "settings", settings: ["martlet.tenant_id": #"a b\c"#])
        let connection = try await PostgresConnection.connect(configuration, on: Database.reactor)
        #expect(try await connection.execute(Setting(name: name)) == [value])
        #expect(connection.processID > 0)
        await connection.close()
    }

    @Test(
        "A URL that cannot be read is refused without being quoted",
        arguments: [
            "postgres://user:hush%zz@host/db", "postgres://u:hush@[::1/db", "postgres://u:hush@host/%00",
            "nonsense hush",
            "postgres://u:p@h/d?hush=1", "a\0hush",
        ])
    func badURL(url: String) throws {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(url: url, applicationName: "x") }
        #expect(error.map { "\($0)" }?.contains("hush") == false)
    }

    @Test func nothingShowsThePassword() async throws {
        let configuration = try PostgresConfiguration(
            url: "postgres://someone:hush@127.0.0.1:1/some", applicationName: "x")
        #expect("\(configuration)" == "someone@127.0.0.1:1/some")
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("hush") && !String(reflecting: configuration).contains("hush"))
        let error = try await Database.failure {
            _ = try await PostgresConnection.connect(configuration, on: Database.reactor)
        }
        guard case .connection(let reason) = error else { Issue.record("\(error)"); return }
        #expect(reason.contains("refused") && !reason.contains("hush"))
    }

    @Test func aHostThatSaysNothingIsGivenUpInTime() async throws {
        let listener = try #require(SilentListener())
        var configuration = try PostgresConfiguration(
            url: "postgres://someone@127.0.0.1:\(listener.port)/some?sslmode=disable", applicationName: "x")
        configuration.connectLimit = .milliseconds(50)
        let error = try await Database.failure {
            _ = try await PostgresConnection.connect(configuration, on: Database.reactor)
        }
        guard case .connection(let reason) = error else { Issue.record("\(error)"); return }
        #expect(reason.hasPrefix("no session within"))
        close(listener.descriptor)
    }

    @Test func namesAreLookedUpElsewhere() async throws {
        let ours = try Database.configuration().parameters
        let port = try #require(ours["port"])
        let named = try PostgresConfiguration(
            url: "postgres://postgres@127.0.0.1,localhost:\(port),\(port)/postgres", applicationName: "names")
        let lookup = HostLookup(named.parameters)
        #expect(lookup.isNeeded && !HostLookup(ours).isNeeded)
        let resolved = try lookup.resolved()
        let hosts = try #require(resolved["host"]).split(separator: ",", omittingEmptySubsequences: false)
        let addresses = try #require(resolved["hostaddr"]).split(separator: ",", omittingEmptySubsequences: false)
        let ports = try #require(resolved["port"]).split(separator: ",", omittingEmptySubsequences: false)
        #expect(hosts.count == addresses.count && ports.count == hosts.count)
        #expect(addresses.first == "" && addresses.dropFirst().contains { $0 == "127.0.0.1" || $0 == "::1" })
        let localhost = try PostgresConfiguration(
            url: "postgres://postgres@localhost:\(port)/postgres", applicationName: "names")
        let connection = try await PostgresConnection.connect(localhost, on: Database.reactor)
        #expect(try await connection.execute(Add(left: 1, right: 1)) == [2])
        await connection.close()
    }

    @Test(
        "Addresses, folders and nothing need no look-up",
        arguments: [
            ("host=/var/run/postgresql", false), ("host=127.0.0.1", false), ("host=::1", false),
            ("host=@abstract", false),
            ("host=db hostaddr=127.0.0.1", false), ("host=db", true), ("host=10.0.0.1,db", true), ("host=1.2.3", true),
        ])
    func lookUps(url: String, isNeeded: Bool) throws {
        #expect(HostLookup(try ConnectionParameters(url: url)).isNeeded == isNeeded)
    }

    @Test func aNameThatNobodyHasIsAnError() async throws {
        let configuration = try PostgresConfiguration(url: "postgres://u:hush@nowhere.invalid/d", applicationName: "x")
        let error = try await Database.failure {
            _ = try await PostgresConnection.connect(configuration, on: Database.reactor)
        }
        guard case .connection(let reason) = error else { Issue.record("\(error)"); return }
        #expect(reason.hasPrefix("cannot look up nowhere.invalid") || reason.hasPrefix("no session within"))
    }

    @Test func scriptsRunAnyNumberOfCommandsAndFailAsOne() async throws {
        let connection = try await Database.connect()
        try await connection.run(script: "SELECT 1; \(makeThings); INSERT INTO things VALUES (1), (2)")
        #expect(try await connection.execute(Things()) == [1, 2])
        let error = try await Database.failure {
            try await connection.run(script: "DELETE FROM things; SELECT 1/0; SELECT 1")
        }
        #expect(error.sqlState == "22012")
        #expect(try await connection.execute(Things()) == [1, 2])
        let copy = try await Database.failure { try await connection.run(script: "COPY things TO STDOUT") }
        #expect(copy == .lost("COPY is not supported"))
    }
}

/// A listening socket that takes connections (the kernel does) and never says a word.
struct SilentListener {
    let descriptor: CInt
    let port: UInt16

    init?() {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let file = descriptor
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(file, address, size) == 0 && listen(file, 8) == 0 && getsockname(file, address, &size) == 0
            }
        }
        guard code else { return nil }
        port = UInt16(bigEndian: address.sin_port)
    }
}
