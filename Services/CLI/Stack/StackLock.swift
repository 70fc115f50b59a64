import Foundation

/// One `up` or `down` at a time in one directory. The kernel lets go of it when the process dies.
struct StackLock {
    private let descriptor: Int32

    init(_ directory: StackDirectory) throws {
        descriptor = open(directory.run + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure("cannot write into \(directory.run)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw CommandFailure("another `martlet up` or `down` is at work in \(directory.path)")
        }
    }

    func release() { close(descriptor) }
}
