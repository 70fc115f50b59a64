import Glibc

/// One connection of a receiver, on its own thread: reads requests, answers them.
struct ReceiverConnection {
    let socket: CInt
    let number: Int
    let state: ReceiverState

    func serve() {
        defer { state.remove(socket) }
        var one: CInt = 1
        setsockopt(socket, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
        var reader = RequestReader(socket: socket)
        while let request = reader.next() {
            let answer = state.record { number in
                ReceivedRequest(
                    number: number, connection: self.number, method: request.method, target: request.target,
                    version: request.version, headerLines: request.headerLines, body: request.body, arrivedAt: .now)
            }
            guard send(answer) else { return }
        }
    }

    /// False when the connection is over.
    private func send(_ answer: ReceiverAnswer) -> Bool {
        guard answer.delay <= .zero || pause(answer.delay) else { return false }
        if answer.extent != .nothing {
            guard write(answer.raw ?? answer.head, answer.bytesPerSecond) else { return false }
        }
        if answer.extent == .whole, answer.raw == nil {
            var left = answer.bodyLength
            while left > 0 {
                let piece = answer.body.prefix(left)
                guard write(Array(piece), answer.bytesPerSecond) else { return false }
                left -= piece.count
            }
        }
        switch answer.ending {
        case .keptOpen: return true
        case .closed: return false
        case .hanging:
            while pause(.seconds(3600)) {}
            return false
        case .reset:
            var now = linger(l_onoff: 1, l_linger: 0)
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
            return false
        }
    }

    private func write(_ bytes: [UInt8], _ bytesPerSecond: Int?) -> Bool {
        guard let bytesPerSecond else { return write(bytes[...]) }
        for index in bytes.indices {
            guard write(bytes[index...index]), pause(.nanoseconds(1_000_000_000 / bytesPerSecond)) else { return false }
        }
        return true
    }

    private func write(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Waits. False when the client hangs up, or the receiver stops, meanwhile.
    private func pause(_ duration: Duration) -> Bool {
        let deadline = ContinuousClock.now + duration
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return true }
            var watched = pollfd(fd: socket, events: Int16(POLLRDHUP), revents: 0)
            let count = poll(&watched, 1, CInt((left / .milliseconds(1)).rounded(.up)))
            if count > 0 { return false }
        }
    }
}

/// `POLLRDHUP` of Linux, which Glibc's module does not show.
private let POLLRDHUP = 0x2000
