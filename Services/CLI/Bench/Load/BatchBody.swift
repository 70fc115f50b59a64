/// The body of a POST of so many events, whose resources' numbers are written into it each time.
struct BatchBody: Sendable {
    private let bytes: [UInt8]
    /// Where the numbers stand.
    private let places: [Int]

    init(events count: Int, of payload: SamplePayload) {
        let number = String(repeating: "0", count: SamplePayload.resourceLength)
        var bytes: [UInt8] = count == 1 ? [] : Array("[".utf8)
        var places: [Int] = []
        for index in 0..<count {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            places.append(bytes.count + payload.before.utf8.count)
            bytes += Array(payload.event(resource: number).utf8)
        }
        if count != 1 { bytes.append(UInt8(ascii: "]")) }
        self.bytes = bytes
        self.places = places
    }

    /// With the numbers `first` and following.
    func numbered(from first: Int) -> [UInt8] {
        var copy = bytes
        for (index, place) in places.enumerated() {
            var rest = first + index
            for digit in stride(from: place + SamplePayload.resourceLength - 1, through: place, by: -1) {
                copy[digit] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
        return copy
    }
}
