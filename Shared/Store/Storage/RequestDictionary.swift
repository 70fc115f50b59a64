/// What requests have in common with each other and with the data of their event, as a dictionary for LZ4.
enum RequestDictionary {
    /// Longer data is no dictionary: it would have to be read for every line of history.
    static let dataLimit = 32 << 10

    /// Nil where the data is too long.
    static func bytes(data: [UInt8]) -> [UInt8]? { data.count <= dataLimit ? data + commonText : nil }

    /// What most requests hold, in the order in which they hold it.
    ///
    /// Frozen: what is stored was packed with these bytes, and is read with them.
    static let commonText = Array(
        """
        \u{1}\u{4}POST\u{15}https://\u{D}\u{A}webhook-id\u{1E}evt_0\u{11}webhook-timestamp\u{A}17\
        \u{11}webhook-signature\
        /v1,=\u{F}x-martlet-event\u{13}order-created\u{12}x-martlet-delivery\u{1E}dlv_0\u{11}x-martlet-attempt\u{1}1\
        \u{16}x-martlet-triggered-at\u{18}202\u{A}user-agent\u{D}Martlet/0.1.0\u{C}content-type\u{10}application/json\
        \u{11}x-martlet-webhook\u{1E}wbh_0{"id":"evt_0","type":"order-created","timestamp":"202","resource":"order",\
        "event":"created","resourceId":"","tenantId":"","webhookId":"wbh_0","data":{}}
        """.utf8)
}
