import JSON
import Store
import Webhooks

/// What became of one delivery of an event.
struct EventDelivery {
    let id: Delivery.ID
    let webhookID: Webhook.ID
    /// `due`, `scheduled` or `held` while it is pending, else how it was settled.
    let state: String
    let invocations: [Invocation]

    /// Newest first by id.
    static func all(pending: [PendingDelivery], invocations: [Invocation]) -> [EventDelivery] {
        var byDelivery: [Delivery.ID: [Invocation]] = [:]
        for invocation in invocations {
            guard let id = invocation.deliveryID else { continue }
            byDelivery[id, default: []].append(invocation)
        }
        var deliveries: [EventDelivery] = []
        for pending in pending {
            let own = byDelivery.removeValue(forKey: pending.delivery.id) ?? []
            // Settled between the two reads: what was recorded last is newer.
            let state = own.last { $0.isFinal }?.outcome.name ?? pending.state.rawValue
            deliveries.append(
                EventDelivery(
                    id: pending.delivery.id, webhookID: pending.delivery.webhookID, state: state, invocations: own))
        }
        for (id, own) in byDelivery {
            guard let last = own.last else { continue }
            // No longer pending, and no attempt was the last: it was cancelled.
            let state = last.isFinal ? last.outcome.name : "cancelled"
            deliveries.append(EventDelivery(id: id, webhookID: last.webhookID, state: state, invocations: own))
        }
        return deliveries.sorted { $0.id > $1.id }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id.description)
            writer.member("webhookId", webhookID.description)
            writer.member("state", state)
            writer.name("invocations")
            writer.array { writer in
                for invocation in invocations { InvocationRepresentation(invocation: invocation).write(to: &writer) }
            }
        }
    }
}
