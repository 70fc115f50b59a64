import Epoll
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1))) struct ReadinessTests {
    private let reactor = Reactor()
    private let pair = SocketPair()

    private func onReactor<Value: Sendable>(_ body: @escaping @Sendable (@escaping (Value) -> Void) -> Void) async
        -> Value
    {
        await withCheckedContinuation { continuation in
            reactor.perform { body { continuation.resume(returning: $0) } }
        }
    }

    @Test func aSocketIsReadableWhenBytesCome() async {
        let bytes: [UInt8]? = await onReactor { [reactor, pair] finish in
            reactor.watch(pair.near, for: .read) { readiness in
                reactor.unwatch(pair.near)
                finish(readiness == .read ? SocketPair.drain(pair.near) : nil)
            }
            pair.writeToFar(42)
        }
        #expect(bytes == [42])
        pair.closeBoth()
        reactor.stop()
    }

    @Test func interestCanChange() async {
        let seen: [Readiness] = await onReactor { [reactor, pair] finish in
            var seen: [Readiness] = []
            reactor.watch(pair.near, for: .write) { readiness in
                seen.append(readiness)
                reactor.watch(pair.near, for: .read) { readiness in
                    reactor.unwatch(pair.near)
                    finish(seen + [readiness])
                }
                pair.writeToFar()
            }
        }
        #expect(seen == [.write, .read])
        pair.closeBoth()
        reactor.stop()
    }

    @Test func aHangUpShowsAsReadable() async {
        let isAtEnd: Bool = await onReactor { [reactor, pair] finish in
            reactor.watch(pair.near, for: .read) { readiness in
                reactor.unwatch(pair.near)
                finish(readiness.contains(.read) && SocketPair.drain(pair.near) == nil)
            }
            close(pair.far)
        }
        #expect(isAtEnd)
        close(pair.near)
        reactor.stop()
    }

    @Test func anUnwatchedSocketIsLeftAlone() async {
        let calls: Int = await onReactor { [reactor, pair] finish in
            var calls = 0
            reactor.watch(pair.near, for: .read) { _ in
                calls += 1
                reactor.unwatch(pair.near)
                reactor.unwatch(pair.near)  // again: harmless
            }
            pair.writeToFar()
            reactor.alarm(after: .milliseconds(20)) { finish(calls) }
        }
        #expect(calls == 1)
        pair.closeBoth()
        reactor.stop()
    }

    /// Two sockets are ready in one pass. Whichever is handled first closes the other one, whose number goes to a
    /// socket with nothing to read: its handler must not get the event of its predecessor.
    @Test func anEventOfAClosedSocketDoesNotReachTheNextOwnerOfItsNumber() async {
        let other = SocketPair()
        let fresh = SocketPair()
        let calls: [String] = await onReactor { [reactor, pair] finish in
            var calls: [String] = []
            func watch(_ descriptor: CInt, rival: CInt) {
                reactor.watch(descriptor, for: .read) { _ in
                    calls.append("first")
                    reactor.unwatch(descriptor)
                    reactor.unwatch(rival)
                    dup2(fresh.near, rival)  // closes it, and takes its number
                    reactor.watch(rival, for: .read) { _ in calls.append("stale") }
                    reactor.alarm(after: .milliseconds(20)) {
                        reactor.unwatch(rival)
                        finish(calls)
                    }
                }
            }
            pair.writeToFar()
            other.writeToFar()
            watch(pair.near, rival: other.near)
            watch(other.near, rival: pair.near)
        }
        #expect(calls == ["first"])
        for socket in [pair, other, fresh] { socket.closeBoth() }
        reactor.stop()
    }
}
