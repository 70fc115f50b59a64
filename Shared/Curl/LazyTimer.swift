import Epoll

/// One alarm whose time is moved far more often than it is reached: it is set anew only for an earlier time, and when
/// it comes too early it sets itself again.
final class LazyTimer {
    private let reactor: Reactor
    private let action: () -> Void
    private var deadline: ContinuousClock.Instant?
    private var alarm: (id: Reactor.AlarmID, deadline: ContinuousClock.Instant)?

    init(on reactor: Reactor, _ action: @escaping () -> Void) {
        self.reactor = reactor
        self.action = action
    }

    /// Calls the action `delay` from now and at no other time; nil: not at all.
    func set(after delay: Duration?) {
        deadline = delay.map { .now + $0 }
        guard let delay, let deadline else { return }
        if let alarm {
            guard deadline < alarm.deadline else { return }
            reactor.cancel(alarm.id)
        }
        arm(after: delay, deadline)
    }

    /// Takes the alarm back, so that the reactor no longer refers to this object.
    func stop() {
        deadline = nil
        if let alarm { reactor.cancel(alarm.id) }
        alarm = nil
    }

    private func arm(after delay: Duration, _ deadline: ContinuousClock.Instant) {
        alarm = (reactor.alarm(after: delay) { [self] in alarmCame() }, deadline)
    }

    private func alarmCame() {
        alarm = nil
        guard let deadline else { return }
        let left = ContinuousClock.now.duration(to: deadline)
        guard left <= .zero else { return arm(after: left, deadline) }
        self.deadline = nil
        action()
    }
}
