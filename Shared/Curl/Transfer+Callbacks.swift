import CCurl
import Glibc

/// What libcurl calls while it works on the handle: on the reactor's thread, inside of `curl_multi_socket_action`.
extension Transfer {
    func setCallbacks() {
        let me = Unmanaged.passUnretained(self).toOpaque()
        easy_set_pointer(easy, CURLOPT_WRITEDATA, me)
        easy_set_write(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            let chunk = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Transfer.from(context).receive(chunk) ? chunk.count : 0  // any other number ends the transfer
        }
        easy_set_pointer(easy, CURLOPT_HEADERDATA, me)
        easy_set_write(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Transfer.from(context).receive(line: line) ? line.count : 0
        }
        easy_set_pointer(easy, CURLOPT_OPENSOCKETDATA, me)
        easy_set_opensocket(easy) { context, _, address in
            guard let address else { return CURL_SOCKET_BAD }
            return Transfer.from(context).open(address)
        }
        // A connection outlives the transfer that opened it, and is closed through what it was opened with.
        easy_set_pointer(easy, CURLOPT_CLOSESOCKETDATA, Unmanaged.passUnretained(multi).toOpaque())
        easy_set_closesocket(easy) { context, socket in
            guard let context else { return close(socket) }
            return Unmanaged<MultiHandle>.fromOpaque(context).takeUnretainedValue().closeSocket(socket)
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer {
        guard let context else { preconditionFailure("libcurl lost the pointer given to it") }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Sees what is really dialled, after name lookup, once a connection: the guard against inner addresses stands
    /// here.
    private func open(_ target: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let raw = UnsafeRawPointer(target)
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return CURL_SOCKET_BAD }
        let socketAddress = (raw + offset).assumingMemoryBound(to: sockaddr.self)
        guard let address = IPAddress(socketAddress) else { return CURL_SOCKET_BAD }
        if options.proxy == nil {  // else it is the proxy that is dialled
            let port = UInt16(bigEndian: (raw + offset).load(fromByteOffset: 2, as: UInt16.self))
            guard options.addresses.permits(address) else { return refuse(address.description) }
            guard options.ports.permits(port) else { return refuse("\(address) (port \(port))") }
        }
        let type = target.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(target.pointee.family, type, target.pointee.`protocol`)
        guard descriptor >= 0 else { return CURL_SOCKET_BAD }
        dialled = address
        opened.append(descriptor)
        multi.opened(descriptor)
        return descriptor
    }

    private func refuse(_ text: String) -> curl_socket_t {
        refused = text
        return CURL_SOCKET_BAD
    }
}
