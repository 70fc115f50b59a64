/// What wrk posts, as a program for it in Lua.
struct WrkScript: Sendable {
    let path: String
    let headers: [String: String]
    /// Whose turn it is goes round; none: no `X-tenant-ID`.
    let tenants: [String]
    /// The body in pieces: between two of them stands a number of ten digits that is never used twice.
    let pieces: [String]
    /// Where the numbers begin.
    var firstNumber = 0

    /// Events of one POST: as many as there are gaps between the pieces. Where nothing changes from one to the next,
    /// wrk makes the request once: the floor has nothing in it but the machine.
    var lua: String {
        if tenants.isEmpty, pieces.count == 1 {
            let names = headers.keys.sorted()
            let lines = names.map { "wrk.headers[\(Self.quoted($0))] = \(Self.quoted(headers[$0] ?? ""))\n" }
            return lines.joined()
                + "wrk.method, wrk.path, wrk.body = \"POST\", \(Self.quoted(path)), \(Self.quoted(pieces[0]))\n"
        }
        let length = pieces.map(\.utf8.count).reduce(0, +) + (pieces.count - 1) * SamplePayload.resourceLength
        let names = headers.keys.sorted()
        var head = "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(length)\r\n"
        for name in names { head += "\(name): \(headers[name] ?? "")\r\n" }
        if !tenants.isEmpty { head += "X-tenant-ID: " }
        return """
            local head = \(Self.quoted(head))
            local tenants = {\(tenants.map(Self.quoted).joined(separator: ", "))}
            local pieces = {\(pieces.map(Self.quoted).joined(separator: ", "))}
            local number, turn, count = \(firstNumber), 0, #pieces
            function request()
              local parts = {}
              for index = 1, count - 1 do
                number = number + 1
                parts[index * 2 - 1] = pieces[index]
                parts[index * 2] = string.format("%010d", number)
              end
              parts[count * 2 - 1] = pieces[count]
              local owner = ""
              if #tenants > 0 then
                turn = turn % #tenants + 1
                owner = tenants[turn] .. "\\r\\n"
              end
              return head .. owner .. "\\r\\n" .. table.concat(parts)
            end

            """
    }

    /// A string of Lua.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\r": quoted += "\\r"
            case "\n": quoted += "\\n"
            default: quoted.unicodeScalars.append(character)
            }
        }
        return quoted + "\""
    }
}

extension WrkScript {
    /// Events of `payload`, one or a batch in a POST.
    init(events count: Int, of payload: SamplePayload, tenants: [String], token: String, firstNumber: Int = 0) {
        path = "/company/events"
        headers = ["Authorization": "Bearer " + token, "Content-Type": "application/json"]
        self.tenants = tenants
        self.firstNumber = firstNumber
        guard count > 1 else {
            pieces = [payload.before, payload.after]
            return
        }
        let between = payload.after + "," + payload.before
        pieces =
            ["[" + payload.before] + Array(repeating: between, count: count - 1) + [payload.after + "]"]
    }
}
