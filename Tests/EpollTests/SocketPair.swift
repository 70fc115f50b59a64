import Glibc

/// Two sockets that are connected with each other and do not block.
struct SocketPair {
    let near: CInt
    let far: CInt

    init() {
        var descriptors: [CInt] = [0, 0]
        let code = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &descriptors)
        precondition(code == 0, "out of file descriptors")
        (near, far) = (descriptors[0], descriptors[1])
    }

    /// Makes `near` readable.
    func writeToFar(_ byte: UInt8 = 1) {
        var byte = byte
        precondition(write(far, &byte, 1) == 1)
    }

    /// The bytes that wait at `near`; nil at the end of the stream.
    static func drain(_ descriptor: CInt) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &buffer, buffer.count)
        return count == 0 ? nil : Array(buffer.prefix(max(0, count)))
    }

    func closeBoth() {
        close(near)
        close(far)
    }
}
