import Dispatch
import Foundation
import Glibc
import Testing

/// A PostgreSQL cluster of a test's own, to be stopped, started and spoken to by TLS; it goes away with `remove`.
struct Cluster {
    let folder: String
    let port: Int

    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Makes the cluster, with a certificate that it signed itself, and starts it.
    ///
    /// - Parameter settings: lines of an own settings file, `martlet.conf`.
    init(settings: String = "") async throws {
        folder = NSTemporaryDirectory() + "martlet-cluster-" + UUID().uuidString
        port = Int.random(in: 15_000..<32_000)
        try await run(
            """
            mkdir -p "$folder"
            openssl req -new -x509 -days 2 -nodes -subj /CN=localhost \
                -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -out "$folder/server.crt" -keyout "$folder/server.key"
            chmod 600 "$folder/server.key"
            [ "$(id -u)" != 0 ] || chown -R postgres "$folder"
            cd "$folder"
            owned "$bin/initdb" -D "$folder/data" -U postgres --auth=trust -E UTF8 --no-locale --no-sync
            cat >"$folder/data/martlet.conf" <<'SETTINGS'
            \(settings)
            SETTINGS
            cat >>"$folder/data/postgresql.conf" <<SETTINGS
            include 'martlet.conf'
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            fsync = off
            ssl = on
            ssl_cert_file = '$folder/server.crt'
            ssl_key_file = '$folder/server.key'
            SETTINGS
            """)
        try await start()
    }

    func url(_ query: String = "", host: String = "127.0.0.1") -> String {
        "postgres://postgres@\(host):\(port)/postgres?connect_timeout=5\(query)"
    }

    func start() async throws {
        try await run(
            """
            cd "$folder"; owned "$bin/pg_ctl" -D "$folder/data" -o "-p $port" -l "$folder/log" -w -t 60 start >/dev/null
            """)
    }

    func stop() async throws {
        try await run(#"cd "$folder"; owned "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop"#)
    }

    func remove() async {
        try? await stop()
        try? await run(#"rm -rf "$folder""#)
    }

    /// Runs a script on a thread that may wait. Not by Foundation's `Process`: on Linux that waits for the server too,
    /// which inherits its pipe.
    private func run(_ script: String) async throws {
        let preamble = """
            set -eu
            folder=\(folder) port=\(port)
            bin=$(pg_config --bindir 2>/dev/null || true)
            [ -x "$bin/initdb" ] || bin=$(printf '%s\\n' /usr/lib/postgresql/*/bin | sort -rV | head -n 1)
            owned() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
            exec >/dev/null 2>&1

            """
        let status = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: Self.wait(for: preamble + script)) }
        }
        guard status == 0 else { throw Failure(description: "status \(status)") }
    }

    private static func wait(for script: String) -> Int32 {
        let words: [String] = ["/bin/bash", "-c", script]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        guard posix_spawn(&process, "/bin/bash", nil, nil, &arguments, environ) == 0 else { return -1 }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        return status
    }
}
