import Crypto

/// The keys of secrets at rest: AES-256-GCM. The first one seals; any of them opens, so that keys can be replaced.
public struct EncryptionKeys: Sendable {
    /// What is wrong with the setting. Never holds a key.
    public enum Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        case empty
        /// Entry `number`, from 1, is not `id:base64` with an id of 1–32 letters, digits, `-`, `_`, `.`.
        case entry(number: Int)
        /// The key is not 32 bytes long.
        case length(id: String)
        case repeated(id: String)

        /// One line for an operator.
        public var description: String {
            switch self {
            case .empty: "no encryption key is given"
            case .entry(let number): "encryption key \(number) is not of the form id:base64"
            case .length(let id): "encryption key \(id) is not 32 bytes long"
            case .repeated(let id): "encryption key \(id) is given twice"
            }
        }
    }

    /// Why a sealed value does not open. Never holds any of it.
    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// Not made by ``EncryptionKeys/seal(_:context:)``.
        case malformed
        /// Sealed with a key that is not among these.
        case unknownKey(id: String)
        /// Another key of that id, another context, or changed bytes.
        case refused

        /// One line for an operator.
        public var description: String {
            switch self {
            case .malformed: "the sealed value is malformed"
            case .unknownKey(let id): "the sealed value needs encryption key \(id)"
            case .refused: "the sealed value does not open with its key and context"
            }
        }
    }

    private let current: (id: String, key: SymmetricKey)
    private let keys: [String: SymmetricKey]

    /// - Parameter text: `id:base64[,id:base64]`, as in `MARTLET_ENCRYPTION_KEYS`; whitespace around entries is fine.
    public init(parsing text: String) throws(Malformed) {
        var entries: [(id: String, key: SymmetricKey)] = []
        var keys: [String: SymmetricKey] = [:]
        for (index, entry) in text.split(separator: ",").enumerated() {
            let parts = entry.trimmed.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, Self.isValidID(parts[0]), let bytes = Base64.decode(parts[1]) else {
                throw .entry(number: index + 1)
            }
            let id = String(parts[0])
            guard bytes.count == 32 else { throw .length(id: id) }
            guard keys.updateValue(SymmetricKey(data: bytes), forKey: id) == nil else { throw .repeated(id: id) }
            entries.append((id, SymmetricKey(data: bytes)))
        }
        guard let first = entries.first else { throw .empty }
        current = first
        self.keys = keys
    }

    /// One entry for a setting, with a new random key.
    public static func generateEntry(id: String) -> String {
        "\(id):\(SymmetricKey(size: .bits256).withUnsafeBytes { Base64.encode(Array($0)) })"
    }

    /// The id of the key that seals.
    public var currentID: String { current.id }

    /// Whether `sealed` was made with another key than the current one.
    public func isOutdated(_ sealed: [UInt8]) -> Bool { SealedParts(sealed)?.id != current.id }

    /// Encrypts, and binds the result to `context`: it does not open under another one.
    ///
    /// The result is 1 (the format), the length of the key's id and the id, a nonce of 12 random bytes, the encrypted
    /// bytes, a tag of 16 bytes. Everything before the nonce is authenticated too.
    public func seal(_ plain: [UInt8], context: String) -> [UInt8] {
        let head = [SealedParts.format, UInt8(current.id.utf8.count)] + Array(current.id.utf8)
        let nonce = AES.GCM.Nonce()
        // Sealing fails only for a key or a nonce of another length than these have.
        guard
            let box = try? AES.GCM.seal(
                plain, using: current.key, nonce: nonce, authenticating: head + Array(context.utf8))
        else { preconditionFailure("AES-GCM refused a key of 32 bytes") }
        return head + Array(nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    /// Decrypts what ``seal(_:context:)`` made. No bytes trap.
    public func open(_ sealed: [UInt8], context: String) throws(Failure) -> [UInt8] {
        guard let parts = SealedParts(sealed) else { throw .malformed }
        guard let key = keys[parts.id] else { throw .unknownKey(id: parts.id) }
        do {
            let box = try AES.GCM.SealedBox(combined: parts.combined)
            return Array(try AES.GCM.open(box, using: key, authenticating: parts.head + Array(context.utf8)))
        } catch {
            throw .refused
        }
    }

    private static func isValidID(_ id: Substring) -> Bool {
        (1...32).contains(id.utf8.count)
            && id.utf8.allSatisfy { EventType.isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }
}

/// A sealed value taken apart.
private struct SealedParts {
    static let format: UInt8 = 1

    let id: String
    /// Format and id.
    let head: ArraySlice<UInt8>
    /// Nonce, encrypted bytes, tag.
    let combined: ArraySlice<UInt8>

    init?(_ sealed: [UInt8]) {
        guard sealed.count >= 2, sealed[0] == Self.format else { return nil }
        let start = 2 + Int(sealed[1])
        guard sealed.count >= start + 12 + 16 else { return nil }
        id = String(decoding: sealed[2..<start], as: UTF8.self)
        head = sealed[..<start]
        combined = sealed[start...]
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let start = drop { $0.isWhitespace }
        return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
    }
}
