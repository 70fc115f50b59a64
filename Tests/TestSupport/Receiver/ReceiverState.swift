import Glibc
import Synchronization

/// What the threads of a receiver share.
final class ReceiverState: Sendable {
    private struct Values {
        var requests: [ReceivedRequest] = []
        var connectionCount = 0
        var listener: CInt?
        var sockets: Set<CInt> = []
        var respond: TestReceiver.Responder
    }

    private let values: Mutex<Values>

    init(_ respond: @escaping TestReceiver.Responder, listener: CInt) {
        values = Mutex(Values(listener: listener, respond: respond))
    }

    var requests: [ReceivedRequest] { values.withLock { $0.requests } }
    var connectionCount: Int { values.withLock { $0.connectionCount } }

    func setResponder(_ respond: @escaping TestReceiver.Responder) { values.withLock { $0.respond = respond } }

    /// Takes a connection; nil when the receiver has stopped listening there.
    func add(_ socket: CInt, of listener: CInt) -> Int? {
        values.withLock { values in
            guard values.listener == listener else { return nil }
            values.sockets.insert(socket)
            defer { values.connectionCount += 1 }
            return values.connectionCount
        }
    }

    /// Forgets a connection and closes it, as one step: `stop` must not shut down a stranger of the same number.
    func remove(_ socket: CInt) {
        values.withLock { values in
            values.sockets.remove(socket)
            _ = close(socket)
        }
    }

    /// Records a request and finds its answer.
    func record(_ make: (_ number: Int) -> ReceivedRequest) -> ReceiverAnswer {
        let (request, respond) = values.withLock { values in
            let request = make(values.requests.count)
            values.requests.append(request)
            return (request, values.respond)
        }
        return respond(request)
    }

    func stop() {
        values.withLock { values in
            if let listener = values.listener { shutdown(listener, CInt(SHUT_RDWR)) }
            values.listener = nil
            for socket in values.sockets { shutdown(socket, CInt(SHUT_RDWR)) }
        }
    }

    func resume(with listener: CInt) { values.withLock { $0.listener = listener } }
}
