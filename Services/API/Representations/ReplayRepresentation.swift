import JSON
import Webhooks

/// A replay as far as it is.
struct ReplayRepresentation {
    let replay: Replay

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", replay.id.description)
            writer.member("webhookId", replay.webhookID.description)
            writer.member("since", replay.since)
            writer.member("until", replay.until)
            writer.member("only", replay.only.rawValue)
            writer.member("state", replay.state.name)
            writer.member("matched", replay.matched)
            writer.member("queued", replay.queued)
            writer.member("createdAt", replay.createdAt)
            writer.member("finishedAt", replay.finishedAt)
        }
    }
}
