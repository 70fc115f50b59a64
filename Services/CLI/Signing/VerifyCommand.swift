import ArgumentParser
import Webhooks

/// `martlet verify`: says whether a signature is that of a body.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check the signature of a body that standard input gives.",
        discussion: "Exit code 0 if it matches; else 1, and the reason.")

    @OptionGroup var options: SignatureOptions

    @Option(help: "The header's value: one entry, or several with spaces between.")
    var signature: String

    @Option(help: "Seconds that the timestamp may be from now; any if not given.")
    var tolerance: Int64?

    func run() throws {
        let check = SignatureCheck(
            secrets: [try options.signingSecret()], tolerance: tolerance.map { .seconds($0) })
        let fault = check.fault(
            id: options.id ?? "", timestamp: String(options.timestamp ?? 0), signature: signature,
            body: try SignatureOptions.body(), now: .now)
        if let fault { throw CommandFailure(fault) }
        Terminal.line("valid")
    }
}
