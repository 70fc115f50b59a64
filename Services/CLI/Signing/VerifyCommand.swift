import ArgumentParser

/// `martlet verify`: says whether a signature is that of a body.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check the signature of a body that standard input gives.",
        discussion: "Exit code 0 if it matches; else 1, and the reason.")

    @OptionGroup var options: SignatureOptions

    @Option(help: "The header's value; standard: one entry, or several with spaces between.")
    var signature: String

    @Option(help: "standard: seconds that the timestamp may be from now; any if not given.")
    var tolerance: Int64?

    func run() throws {
        let fault = try options.fault(
            of: signature, body: SignatureOptions.body(), tolerance: tolerance.map { .seconds($0) })
        if let fault { throw CommandFailure(fault) }
        Terminal.line("valid")
    }
}
