import ArgumentParser

/// `martlet sign`: prints the signature of a body.
struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Print the signature of a body that standard input gives.",
        discussion: """
            martlet sign --secret whsec_… --id msg_1 --timestamp 1614265330 < body
            martlet sign --dialect crystallize --secret … --url https://example.com/wh --method POST < body
            """)

    @OptionGroup var options: SignatureOptions

    func run() throws {
        Terminal.line(try options.signature(of: SignatureOptions.body()))
    }
}
