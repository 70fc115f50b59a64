import Foundation
import Testing

/// Every decoder that reads bytes from outside, fed with mutations of good inputs.
///
/// `make fuzz` runs millions of them, optimised; here it is a few thousand each, always the same ones. A crash leaves
/// its input in the file that is named at the start; put it among the seeds when it is mended.
@Suite struct FuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// Of each decoder.
    static let executions = environment["MARTLET_FUZZ_EXECUTIONS"].flatMap(Int.init) ?? 2000
    static let number = environment["MARTLET_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

    @Test("Seeds", arguments: FuzzTarget.all)
    func seeds(target: FuzzTarget) {
        for seed in target.seeds { #expect(target.check(Array(seed.utf8)) == nil, "\(seed)") }
    }

    @Test("Mutations", arguments: FuzzTarget.all)
    func mutations(target: FuzzTarget) throws {
        let seeds = target.seeds.map { Array($0.utf8) }
        var mutator = Mutator(seeds: seeds, dictionary: target.dictionary, number: Self.number)
        let last = try LastInput(of: target.name)
        for _ in 0..<Self.executions {
            let input = mutator.next()
            last.keep(input)
            guard let fault = target.check(input) else { continue }
            Issue.record(
                "\(target.name): \(fault): \(input.debugDescription) \(String(decoding: input, as: UTF8.self))")
            break
        }
        print("fuzz: \(target.name): \(Self.executions) executions")
    }
}

/// The input under way, in memory that is a file's: it is still there when the process is not.
private final class LastInput {
    private static let size = 8 + Mutator.longest
    private let memory: UnsafeMutableRawPointer

    init(of name: String) throws {
        let path = NSTemporaryDirectory() + "martlet-fuzz-\(name)"
        let file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        try #require(file >= 0 && ftruncate(file, off_t(Self.size)) == 0)
        memory = try #require(mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0))
        close(file)
    }

    deinit { munmap(memory, Self.size) }

    /// Its length, and its bytes.
    func keep(_ input: [UInt8]) {
        memory.storeBytes(of: Int64(input.count), as: Int64.self)
        input.withUnsafeBytes {
            memory.advanced(by: 8).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: $0.count)
        }
    }
}
