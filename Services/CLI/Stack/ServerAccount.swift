import Foundation

/// Whose account PostgreSQL runs in: its own when root starts the stack, since it refuses to run as root.
struct ServerAccount {
    /// What goes before a command; empty if it runs as who asks.
    let prefix: [String]
    private let user: passwd?

    /// - Parameter folder: which the server must be able to reach.
    init(reaching folder: String) async throws {
        guard geteuid() == 0 else {
            prefix = []
            user = nil
            return
        }
        guard let entry = getpwnam("postgres") else {
            throw CommandFailure(
                "root starts PostgreSQL as the user postgres, and there is none; or set MARTLET_DATABASE_URL")
        }
        user = entry.pointee
        let (userID, groupID) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
        // `env -C /`: the server may not be allowed into the folder that it is started from.
        let plain = ["env", "-C", "/", "setpriv", "--reuid=\(userID)", "--regid=\(groupID)", "--init-groups"]
        let (status, _) = try await Spawn.run(
            plain + ["test", "-x", folder], environment: ProcessInfo.processInfo.environment)
        // A clone below a folder that is closed to others (/root): this server alone may pass through.
        prefix = status == 0 ? plain : plain + ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    }

    /// Gives `path` to the account.
    func own(_ path: String) throws {
        guard let user else { return }
        guard chown(path, user.pw_uid, user.pw_gid) == 0 else {
            throw CommandFailure("cannot give \(path) to the user postgres: \(String(cString: strerror(errno)))")
        }
    }
}
