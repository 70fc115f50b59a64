import Postgres
import Store
import Webhooks

/// Seals with the current key whatever is sealed with another, a batch at a time, beside services at work.
///
/// A secret is replaced only if it is still the one that was read, so none that is changed meanwhile is lost; what was
/// done stays done, so it can be stopped and begun again.
struct KeyRotation {
    /// What was found and done.
    struct Tally: Equatable {
        var current = 0
        var resealed = 0
        /// Changed by somebody else between the reading and the writing.
        var overtaken = 0
        /// Sealed with a key that is not given, or damaged.
        var unreadable = 0

        static func + (one: Tally, other: Tally) -> Tally {
            Tally(
                current: one.current + other.current, resealed: one.resealed + other.resealed,
                overtaken: one.overtaken + other.overtaken, unreadable: one.unreadable + other.unreadable)
        }
    }

    let session: PostgresConnection
    let keys: EncryptionKeys
    var batch = 500

    /// Passes over everything until nothing was overtaken.
    func run() async throws -> Tally {
        var total = Tally()
        while true {
            let pass = try await webhookSecrets() + signatureSecrets()
            (total.current, total.unreadable) = (pass.current, pass.unreadable)
            total.resealed += pass.resealed
            if pass.overtaken == 0 { return total }
        }
    }

    private func webhookSecrets() async throws -> Tally {
        var tally = Tally()
        var last: SealedSecret?
        while true {
            let rows = try await session.execute(FindSealedSecrets(after: last, limit: batch))
            guard !rows.isEmpty else { return tally }
            last = rows.last
            let changes = rows.compactMap { row in
                reseal(row.sealed, row.context, &tally).map { (old: row, new: $0) }
            }
            let done = try await session.execute(ResealSecrets(changes)).count
            tally.resealed += done
            tally.overtaken += changes.count - done
        }
    }

    private func signatureSecrets() async throws -> Tally {
        var tally = Tally()
        var last: Tenant.ID?
        while true {
            let rows = try await session.execute(FindSealedSignatureSecrets(after: last, limit: batch))
            guard !rows.isEmpty else { return tally }
            last = rows.last?.tenant
            let changes = rows.compactMap { row in
                reseal(row.sealed, row.tenant.description, &tally).map { (old: row, new: $0) }
            }
            let done = try await session.execute(ResealSignatureSecrets(changes)).count
            tally.resealed += done
            tally.overtaken += changes.count - done
        }
    }

    /// Nil where there is nothing to do, or nothing that can be done.
    private func reseal(_ sealed: [UInt8], _ context: String, _ tally: inout Tally) -> [UInt8]? {
        guard keys.isOutdated(sealed) else {
            tally.current += 1
            return nil
        }
        guard let plain = try? keys.open(sealed, context: context) else {
            tally.unreadable += 1
            return nil
        }
        return keys.seal(plain, context: context)
    }
}
