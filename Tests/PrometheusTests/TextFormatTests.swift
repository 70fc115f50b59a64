import Testing

@testable import Prometheus

@Suite struct TextFormatTests {
    private func text(_ families: MetricFamily...) -> String {
        String(decoding: TextFormat.text(of: families), as: UTF8.self)
    }

    @Test("A family is its help, its type and its series")
    func family() {
        let family = MetricFamily(
            "martlet_queue_depth", .gauge, help: "Pending deliveries.",
            series: [
                .init(["state": "due"], .number(3)), .init(["state": "held", "shard": "1"], .number(0.5)),
                .init([], .number(7)),
            ])
        #expect(
            text(family) == """
                # HELP martlet_queue_depth Pending deliveries.
                # TYPE martlet_queue_depth gauge
                martlet_queue_depth{state="due"} 3
                martlet_queue_depth{state="held",shard="1"} 0.5
                martlet_queue_depth 7

                """)
    }

    @Test("A histogram sums its buckets up and ends with +Inf")
    func histogram() {
        let snapshot = HistogramSnapshot(bounds: [0.1, 1], counts: [2, 0, 3], sum: 12.25)
        #expect(
            text(MetricFamily("h_seconds", .histogram, help: "H.", series: [.init(["a": "b"], .histogram(snapshot))]))
                == """
                # HELP h_seconds H.
                # TYPE h_seconds histogram
                h_seconds_bucket{a="b",le="0.1"} 2
                h_seconds_bucket{a="b",le="1"} 2
                h_seconds_bucket{a="b",le="+Inf"} 5
                h_seconds_sum{a="b"} 12.25
                h_seconds_count{a="b"} 5

                """)
    }

    @Test("What a stranger writes cannot break a line")
    func escaping() {
        let family = MetricFamily(
            "bad name-1", .counter, help: "a\\b\nc\"d", series: [.init(["la bel:x": "a\\b\n\"c\"}"], .number(1))])
        #expect(
            text(family) == """
                # HELP bad_name_1 a\\\\b\\nc"d
                # TYPE bad_name_1 counter
                bad_name_1{la_bel_x="a\\\\b\\n\\"c\\"}"} 1

                """)
    }

    @Test func aFamilyWithoutSeriesIsLeftOut() {
        #expect(text(MetricFamily("empty", .gauge, help: "", series: [])) == "")
    }

    @Test(
        "Numbers read as Go prints them",
        arguments: [
            (0, "0"), (-0.5, "-0.5"), (1e21, "1e+21"), (12345678, "12345678"), (0.1, "0.1"), (.infinity, "+Inf"),
            (-.infinity, "-Inf"), (.nan, "NaN"), (1 / 3, "0.3333333333333333"),
        ])
    func numbers(value: Double, expected: String) { #expect(TextFormat.number(value) == expected) }

    @Test(
        "Names become valid ones",
        arguments: [
            ("http.server-requests", "http_server_requests"), ("a:b", "a:b"), ("9lives", "_9lives"), ("", "_"),
            ("é", "__"),
        ])
    func names(name: String, expected: String) {
        #expect(MetricName.valid(name) == expected)
        #expect(MetricName.counter(name) == expected + "_total")
    }

    @Test func suffixesComeOnce() {
        #expect(MetricName.counter("a_total") == "a_total")
        #expect(MetricName.seconds("wait_seconds") == "wait_seconds")
        #expect(MetricName.validLabel("a:b") == "a_b")
    }
}
