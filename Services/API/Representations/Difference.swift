import JSON
import Webhooks

/// What a change has changed: JSON text `[{"member","from","to"}]`, values as answers show them, secrets masked.
enum Difference {
    /// A webhook as it is compared.
    struct Side {
        let configuration: WebhookConfiguration
        let dialect: Dialect
        /// Masked JSON text.
        let authentication: String?

        fileprivate var members: [(name: String, text: String)] {
            var writer = JSONWriter()
            writer.object { writer in
                ConfigurationWriter(configuration, authentication: authentication).write(
                    to: &writer, defaultsOf: dialect)
            }
            guard let document = try? JSONDocument(parsing: writer.bytes) else { return [] }
            return document.root.members.map { ($0.name, String(decoding: $0.value.rawBytes, as: UTF8.self)) }
        }
    }

    /// - Parameters:
    ///   - replacesAuthentication: its secret is another one, whatever the masks show.
    ///   - secret: masked, before and after, where the signing secret was replaced.
    static func between(
        _ old: Side, _ new: Side, replacesAuthentication: Bool, secret: (from: String?, to: String?)?
    ) -> String {
        let before = Dictionary(old.members.map { ($0.name, $0.text) }, uniquingKeysWith: { $1 })
        var writer = JSONWriter()
        writer.array { writer in
            for (name, text) in new.members {
                let was = before[name] ?? "null"
                guard was != text || name == "authentication" && replacesAuthentication else { continue }
                write(name, from: was, to: text, to: &writer)
            }
            if let secret { write(secret, to: &writer) }
        }
        return writer.text
    }

    /// A secret that was replaced, and nothing else.
    static func ofSecret(from old: String?, to new: String) -> String {
        var writer = JSONWriter()
        writer.array { write((old.map(Mask.hint), Mask.hint(of: new)), to: &$0) }
        return writer.text
    }

    private static func write(_ secret: (from: String?, to: String?), to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("member", "secret")
            writer.member("from", secret.from)
            writer.member("to", secret.to)
        }
    }

    private static func write(_ name: String, from old: String, to new: String, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("member", name)
            writer.member("from", raw: old.utf8)
            writer.member("to", raw: new.utf8)
        }
    }
}
