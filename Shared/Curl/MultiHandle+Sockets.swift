import CCurl
import Epoll
import Glibc

/// A socket of a connection.
struct WatchedSocket {
    /// What the reactor watches it for; empty: it does not.
    var watched: Readiness = []
    /// What libcurl waits for; empty: the connection is idle.
    var wanted: Readiness = []
    /// Whether an answer came over it. Only such a socket is surely closed through `closeSocket`: one that never became
    /// a connection libcurl closes without a word, and says later, if at all, that it no longer wants it.
    var hasAnswered = false
    /// HTTP/2: the peer may speak in idle time.
    var isMultiplexed = false
}

/// Sockets and timers, as libcurl asks for them.
extension MultiHandle {
    /// libcurl lets go of a socket after each answer and takes it again with the next request. Between the two it stays
    /// watched, which spares two system calls a request; readable in idle time means closed by the peer, or worse.
    func wants(_ what: CInt, of socket: curl_socket_t) {
        var wanted: Readiness = []
        if what == CURL_POLL_IN || what == CURL_POLL_INOUT { wanted.insert(.read) }
        if what == CURL_POLL_OUT || what == CURL_POLL_INOUT { wanted.insert(.write) }
        guard var entry = sockets[socket] else {  // the name lookup's, or known no longer
            return wanted.isEmpty ? reactor.unwatch(socket) : watch(socket, for: wanted)
        }
        guard !wanted.isEmpty || entry.hasAnswered else {
            sockets[socket] = nil
            return reactor.unwatch(socket)
        }
        if wanted.isEmpty { turnedIdle.append(socket) }
        entry.wanted = wanted
        let needed = wanted.isEmpty ? .read : wanted
        if needed != entry.watched { watch(socket, for: needed) }
        entry.watched = needed
        sockets[socket] = entry
    }

    private func watch(_ socket: curl_socket_t, for interest: Readiness) {
        reactor.watch(socket, for: interest) { [self] readiness in ready(socket, readiness) }
    }

    private func ready(_ socket: curl_socket_t, _ readiness: Readiness) {
        guard let entry = sockets[socket], entry.wanted.isEmpty else { return drive(socket, readiness) }
        if entry.isMultiplexed {
            sockets[socket]?.watched = []
            reactor.unwatch(socket)  // libcurl reads it before it uses the connection again
        } else {
            retire(socket)
        }
    }

    /// Looks at connections that have just become idle. Bytes beyond an answer would be taken for the next one: libcurl
    /// 7.88 reads no further than the announced length, and does not mind what is left.
    func checkIdle() {
        for socket in turnedIdle {
            guard let entry = sockets[socket], entry.hasAnswered, entry.wanted.isEmpty, !entry.isMultiplexed else {
                continue
            }
            var byte: UInt8 = 0
            if recv(socket, &byte, 1, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT)) >= 0 { retire(socket) }
        }
        turnedIdle.removeAll(keepingCapacity: true)
    }

    /// Makes sure that an idle connection is not used again: libcurl sees the hang-up and closes it.
    private func retire(_ socket: curl_socket_t) {
        sockets[socket]?.watched = []
        reactor.unwatch(socket)
        shutdown(socket, CInt(SHUT_RDWR))
    }

    /// A socket was made for a connection. Where libcurl closed another of the same number without a word, for the same
    /// transfer, it does not ask again for what it wanted of that one.
    func opened(_ socket: curl_socket_t) {
        let wanted = sockets[socket]?.wanted ?? []
        reactor.unwatch(socket)
        if !wanted.isEmpty { watch(socket, for: wanted) }
        sockets[socket] = WatchedSocket(watched: wanted, wanted: wanted)
    }

    /// The first line of an answer came, over the socket that is being driven.
    func answered() { sockets[driven]?.hasAnswered = true }

    /// libcurl is done with a connection.
    func closeSocket(_ socket: curl_socket_t) -> CInt {
        if sockets.removeValue(forKey: socket)?.watched.isEmpty == false { reactor.unwatch(socket) }
        return Glibc.close(socket)
    }

    func wantsAlarm(in milliseconds: Int) {
        timer.set(after: milliseconds > 0 ? .milliseconds(milliseconds) : nil)
        if milliseconds == 0 { planKick() }
    }
}
