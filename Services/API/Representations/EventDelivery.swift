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

    /// - Parameter invocations: oldest first; read after the row, so that they may tell of what it does not know yet.
    init(_ row: ListDeliveriesOfEvent.Row, invocations: [Invocation]) {
        id = row.id
        webhookID = row.webhookID
        self.invocations = invocations
        // No longer pending, and no attempt was the last: it was cancelled.
        state = invocations.last { $0.isFinal }?.outcome.name ?? row.pending?.rawValue ?? "cancelled"
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
