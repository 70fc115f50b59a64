import Foundation
import Testing
import struct TestSupport.Program
import enum TestSupport.Repository

@testable import CommandLineTool

extension EndToEnd {
    /// A service that somebody starts by hand.
    @Suite struct TerminalTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        @Test(
            "Lines for people at a terminal, unless it is said otherwise",
            arguments: [("", true), ("json", false), ("text", true)])
        func format(setting: String, isText: Bool) async throws {
            let url = try #require(stack.settings.values["MARTLET_DATABASE_URL"])
            let script = """
                import os, pty, signal, subprocess
                here, there = pty.openpty()
                service = subprocess.Popen(["\(Repository.executables)/martlet-metrics"], stderr=there, env={
                    **os.environ, "MARTLET_DATABASE_URL": "\(url)", "MARTLET_HTTP_HOST": "127.0.0.1",
                    "MARTLET_HTTP_PORT": "0", "MARTLET_LOG_FORMAT": "\(setting)"})
                text = b""
                while not any(b"Listening" in line for line in text.split(b"\\n")[:-1]):
                    text += os.read(here, 4096)
                service.send_signal(signal.SIGTERM)
                print(service.wait())
                print(text.decode())
                """
            let python = try await Program.python(script)
            let lines = python.output.split(whereSeparator: \.isNewline)
            #expect(python.status == 0 && lines.first == "0", "\(python.output)")
            let line = try #require(lines.first { $0.contains("Listening") })
            #expect(line.contains(" info     metrics Listening http.host=127.0.0.1 http.port=") == isText, "\(line)")
            #expect(line.hasPrefix("{") == !isText, "\(line)")
        }
    }
}
