import Configuration
import Foundation
import Testing

@testable import Hosting

@Suite struct SettingsTests {
    enum Colour: String, CaseIterable { case red, green }

    @Test func eachPlaceHidesTheOnesBehindIt() {
        let settings = Settings(
            environment: [
                "MARTLET_A": "environment", "MARTLET_B": "environment", "MARTLET_C_D": "environment", "A": "no",
            ],
            flags: ["MARTLET_A": "flag", "MARTLET_C_D": ""], file: ["MARTLET_A": "file", "MARTLET_E": "file"])
        #expect(settings.string("a") == "flag")
        #expect(settings.string("b") == "environment")
        #expect(settings.string("c.d") == "environment", "an empty value is none")
        #expect(settings.string("e") == "file")
        #expect(settings.string("f") == nil)
        #expect(settings.reader.string(forKey: "a") == "flag")
    }

    @Test func typesAreChecked() throws {
        let settings = Settings(environment: [
            "MARTLET_PORT": "8080", "MARTLET_BIG": "70000", "MARTLET_WORD": "many", "MARTLET_ON": "true",
            "MARTLET_COLOUR": "green", "MARTLET_LIST": " a, b ,,c",
        ])
        #expect(try settings.int("port", default: 1) == 8080)
        #expect(try settings.int("missing", default: 1) == 1)
        #expect(try settings.bool("on", default: false))
        #expect(try settings.choice("colour", default: Colour.red) == .green)
        #expect(settings.list("list") == ["a", "b", "c"])
        #expect(settings.list("missing").isEmpty)
        #expect(throws: SettingError(name: "MARTLET_BIG", expected: "a number from 0 to 65535")) {
            try settings.int("big", default: 1, in: 0...65535)
        }
        #expect(throws: SettingError(name: "word", expected: "a number of at least 1")) {
            try settings.int("word", default: 1, in: 1...Int.max)
        }
        #expect(throws: SettingError(name: "word", expected: "true or false")) {
            try settings.bool("word", default: true)
        }
        #expect(throws: SettingError(name: "word", expected: "one of red, green")) {
            try settings.choice("word", default: Colour.red)
        }
        #expect(throws: SettingError(name: "missing", expected: "a URL", isMissing: true)) {
            try settings.required("missing", expected: "a URL")
        }
    }

    @Test(
        "An error is one clear line, without the value",
        arguments: [
            (
                SettingError(name: "http.port", expected: "a number"),
                "MARTLET_HTTP_PORT is malformed: expected a number"
            ),
            (
                SettingError(name: "MARTLET_JWT_SECRET", expected: "a text", isMissing: true),
                "MARTLET_JWT_SECRET is not set: expected a text"
            ),
        ])
    func lines(error: SettingError, line: String) { #expect("\(error)" == line) }

    @Test func flagsHaveTheNamesOfTheEnvironment() throws {
        let settings = try Settings(
            arguments: ["--http-port", "1", "--log-level=debug", "--egress-allow=127.0.0.0/8,::1/128", "--x="],
            environment: ["MARTLET_HTTP_PORT": "2"])
        #expect(settings.string("http.port") == "1")
        #expect(settings.string("log.level") == "debug")
        #expect(settings.list("egress.allow") == ["127.0.0.0/8", "::1/128"])
        #expect(settings.unknownFlags == ["MARTLET_X"])
    }

    @Test("Malformed flags", arguments: [["serve"], ["--http-port"], ["--"], ["-p", "1"]])
    func malformedFlags(arguments: [String]) {
        #expect(throws: SettingError.self) { try Settings(arguments: arguments, environment: [:]) }
    }

    @Test func aFileHasTheSameNamesToo() throws {
        let path = NSTemporaryDirectory() + "martlet-settings-\(UUID().uuidString).env"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = """
            # what make up writes
            MARTLET_A=1 = 2

            export MARTLET_B="quoted"
              MARTLET_C='it'
            MARTLET_D=
            """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let settings = try Settings(arguments: [], environment: ["MARTLET_CONFIG_FILE": path, "MARTLET_C": "first"])
        #expect(settings.string("a") == "1 = 2")
        #expect(settings.string("b") == "quoted")
        #expect(settings.string("c") == "first")
        #expect(settings.string("d") == nil)
        try "MARTLET_A\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(
            throws: SettingError(name: "config.file", expected: "a readable file of lines NAME=value; line 1 is none")
        ) {
            try Settings(arguments: ["--config-file", path], environment: [:])
        }
        #expect(throws: SettingError.self) {
            try Settings(arguments: [], environment: ["MARTLET_CONFIG_FILE": path + "-that-is-not-there"])
        }
    }
}
