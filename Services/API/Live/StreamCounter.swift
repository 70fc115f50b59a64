import Synchronization
import Webhooks

/// How many streams each tenant has open: each holds a connection, and reads the history once a second.
final class StreamCounter: Sendable {
    /// Of one tenant at a time.
    static let limit = 20

    private let open = Mutex<[Tenant.ID: Int]>([:])

    /// A place among a tenant's streams; free again when nobody holds it any more.
    final class Place: Sendable {
        private let counter: StreamCounter
        private let tenant: Tenant.ID

        fileprivate init(_ counter: StreamCounter, _ tenant: Tenant.ID) {
            self.counter = counter
            self.tenant = tenant
        }

        deinit { counter.leave(tenant) }
    }

    /// Nil where the tenant has as many as it may.
    func enter(_ tenant: Tenant.ID) -> Place? {
        let isFree = open.withLock { open in
            guard open[tenant, default: 0] < Self.limit else { return false }
            open[tenant, default: 0] += 1
            return true
        }
        return isFree ? Place(self, tenant) : nil
    }

    private func leave(_ tenant: Tenant.ID) {
        open.withLock { open in
            let left = open[tenant, default: 1] - 1
            open[tenant] = left > 0 ? left : nil
        }
    }
}
