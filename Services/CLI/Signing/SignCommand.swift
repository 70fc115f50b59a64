import ArgumentParser

/// `martlet sign`: prints the signature of a body.
struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Print the signature of a body that standard input gives.",
        discussion: "martlet sign --secret whsec_… --id msg_1 --timestamp 1614265330 < body")

    @OptionGroup var options: SignatureOptions

    func run() throws {
        Terminal.line(
            try options.signingSecret().signature(
                id: options.id ?? "", timestamp: options.timestamp ?? 0, body: SignatureOptions.body()))
    }
}
