import Dressing
import Foundation
import Testing
import Webhooks
import struct TestSupport.Program

/// The trace that an event came with, as receivers get it.
@Suite struct TraceTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private static let parent = "00-\(trace)-b7ad6b7169203331-01"

    @Test(arguments: Dialect.allCases) func eachRequestIsASpanOfItsOwn(dialect: Dialect) throws {
        let event = Sample.event(traceparent: Self.parent, tracestate: "a=1,b=2")
        let webhook = try Sample.prepare { $0.dialect = dialect }
        let requests = [
            Sample.dress(event, for: webhook), Sample.dress(event, for: webhook, attempt: 2),
            // The first attempt again, after a crash.
            Sample.dress(event, for: webhook, at: Sample.now + .seconds(5)),
        ]
        let spans = try requests.map { try #require($0.header("traceparent").flatMap(Traceparent.init)) }
        #expect(spans.allSatisfy { $0.traceID == Self.trace && $0.isSampled })
        #expect(Set(spans.map(\.spanID)).union(["b7ad6b7169203331"]).count == 4)
        #expect(requests.allSatisfy { $0.header("tracestate") == "a=1,b=2" })
    }

    @Test func aFieldOfTheTenantsTakesItsPlace() throws {
        let event = Sample.event(traceparent: Self.parent, tracestate: "a=1")
        let own = Sample.dress(event, for: try Sample.prepare { $0.headers = ["traceparent": "mine"] })
        #expect(own.header("traceparent") == "mine" && own.header("tracestate") == nil)
        let state = Sample.dress(event, for: try Sample.prepare { $0.headers = ["tracestate": "mine=1"] })
        #expect(state.header("traceparent") == nil && state.header("tracestate") == "mine=1")
    }

    @Test func whatIsStoredAndIsNoTraceIsNotSent() throws {
        let broken = Sample.event(traceparent: "00\r\nhost: evil", tracestate: "a=1")
        let none = Sample.dress(broken, for: try Sample.prepare())
        #expect(none.header("traceparent") == nil && none.header("tracestate") == nil)
        let state = Sample.event(traceparent: Self.parent, tracestate: "a=1\r\nhost: evil")
        #expect(Sample.dress(state, for: try Sample.prepare()).header("tracestate") == nil)
    }

    /// OpenTelemetry's own reader finds the trace in what is sent.
    @Test func openTelemetryReadsIt() async throws {
        let states = ["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "fw529a3039@dt=FfD2ZrjC", nil]
        let requests = try zip(["01", "00", "01"], states).map { flags, state in
            Sample.dress(
                Sample.event(traceparent: "00-\(Self.trace)-b7ad6b7169203331-\(flags)", tracestate: state),
                for: try Sample.prepare())
        }
        let lines = requests.map { request in
            (request.header("traceparent") ?? "") + "\t" + (request.header("tracestate") ?? "")
        }
        let script = """
            import sys
            from opentelemetry import trace
            from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
            for line in sys.stdin.read().split("\\n"):
                parent, state = line.split("\\t")
                carrier = {"traceparent": parent, **({"tracestate": state} if state else {})}
                context = TraceContextTextMapPropagator().extract(carrier)
                span = trace.get_current_span(context).get_span_context()
                assert span.is_valid and span.is_remote, line
                print(f"{span.trace_id:032x} {span.span_id:016x} {span.trace_flags:02x} {span.trace_state.to_header()}")
            """
        let python = try await Program.python(script, input: lines.joined(separator: "\n"))
        try #require(python.status == 0, "\(python.output)")
        let expected = zip(requests, states).map { request, state in
            let parent = request.header("traceparent").flatMap(Traceparent.init)
            return "\(Self.trace) \(parent?.spanID ?? "") \(parent?.isSampled == true ? "01" : "00") \(state ?? "")"
        }
        #expect(python.output.split(separator: "\n").map(String.init) == expected)
    }
}
