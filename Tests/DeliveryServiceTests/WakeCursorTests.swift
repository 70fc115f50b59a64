import Store
import TestSupport
import Testing

@testable import DeliveryService

@Suite struct WakeCursorTests {
    @Test func aLateCommitIsFoundOnceAndOnlyOnce() {
        var cursor = WakeCursor(WakeSnapshot(next: 10, open: [7]))
        #expect(cursor.newest == 9)
        cursor.saw([10, 12])
        #expect(cursor.newest == 12)
        #expect(cursor.late(among: [7, 10, 11, 12], next: WakeSnapshot(next: 12, open: [9])) == [7, 11])
        #expect(cursor.late(among: [12], next: WakeSnapshot(next: 14, open: [13])) == [])
        #expect(cursor.snapshot == WakeSnapshot(next: 14, open: [13]))
        #expect(cursor.newest == 12)
    }

    /// Whatever commits when: a wake is read forward, or found late, and never twice.
    @Test func everyWakeIsFoundOnce() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<200 {
            var (begun, open, committed) = (UInt64(100), Set<UInt64>(), Set<UInt64>())
            var cursor = WakeCursor(WakeSnapshot(next: begun))
            var found: [UInt64: Int] = [:]
            for step in 0..<120 {
                switch step < 100 ? Int.random(in: 0..<5, using: &random) : 4 {
                case 0, 1:
                    open.insert(begun)
                    begun += 1
                case 2, 3:
                    guard let one = open.sorted().randomElement(using: &random) else { continue }
                    open.remove(one)
                    committed.insert(one)
                default:
                    let forward = committed.filter { $0 > cursor.newest }
                    cursor.saw(forward)
                    for one in forward { found[one, default: 0] += 1 }
                    if step >= 100 { (committed, open) = (committed.union(open), []) }
                    guard Bool.random(using: &random) else { continue }
                    // As FindLateWakes reads.
                    let last = cursor.snapshot
                    let rows = committed.filter {
                        ($0 >= last.next && $0 <= cursor.newest) || last.open.contains($0)
                    }
                    // As PostgreSQL has it: one above the greatest that has ended.
                    let next = max(last.next, (committed.max() ?? 99) + 1)
                    let late = cursor.late(
                        among: rows.sorted(), next: WakeSnapshot(next: next, open: open.filter { $0 < next }))
                    for one in late { found[one, default: 0] += 1 }
                }
            }
            #expect(found == Dictionary(uniqueKeysWithValues: committed.map { ($0, 1) }))
        }
    }
}
