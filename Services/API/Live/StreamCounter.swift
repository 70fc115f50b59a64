import Synchronization
import Webhooks

/// How many streams are open, of each tenant and in all: each holds a connection, and reads the history once a second.
final class StreamCounter: Sendable {
    /// Of one tenant at a time.
    static let limit = 20
    /// Of this process: what its sessions with the database bear beside everything else.
    static let limitOfAll = 400

    private struct Open {
        var ofTenants: [Tenant.ID: Int] = [:]
        var all = 0
    }

    private let open = Mutex(Open())

    /// A place among the streams; free again when nobody holds it any more.
    final class Place: Sendable {
        private let counter: StreamCounter
        private let tenant: Tenant.ID

        fileprivate init(_ counter: StreamCounter, _ tenant: Tenant.ID) {
            self.counter = counter
            self.tenant = tenant
        }

        deinit { counter.leave(tenant) }
    }

    /// Nil where the tenant, or the process, has as many as it may.
    func enter(_ tenant: Tenant.ID) -> Place? {
        let isFree = open.withLock { open in
            guard open.all < Self.limitOfAll, open.ofTenants[tenant, default: 0] < Self.limit else { return false }
            open.ofTenants[tenant, default: 0] += 1
            open.all += 1
            return true
        }
        return isFree ? Place(self, tenant) : nil
    }

    private func leave(_ tenant: Tenant.ID) {
        open.withLock { open in
            let left = open.ofTenants[tenant, default: 1] - 1
            open.ofTenants[tenant] = left > 0 ? left : nil
            open.all -= 1
        }
    }
}
