public import Postgres

extension PostgresConnection {
    /// Lets a service log in with a password: for `martlet up`, which owns its cluster. On a session of its own.
    ///
    /// - Parameter password: ASCII. It does not leave this process: the server gets its SCRAM verifier.
    public func setPassword(_ password: String, of role: ServiceRole) async throws(PostgresError) {
        guard !password.isEmpty, password.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .encoding("the password of \(role.rawValue) is empty or not ASCII")
        }
        let verifier = SCRAMVerifier(password: password).text  // base64 and punctuation: safe between quotes
        try await run(script: "ALTER ROLE \(role.rawValue) LOGIN PASSWORD '\(verifier)'")
    }
}
