internal import Foundation
internal import Postgres

// Settings and configurations are small and rarely written: Foundation's coders read and write them.

extension PostgresJSON {
    /// Values of ours encode without fail; what does not would be a fault of the program.
    init(encoding value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(((try? encoder.encode(value)).map { Array($0) }) ?? Array("null".utf8))
    }

    func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws(PostgresError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw .decoding("a jsonb column holds no \(type)")
        }
    }
}
