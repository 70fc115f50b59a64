import Foundation
import Testing
import enum TestSupport.Repository
import struct TestSupport.Program

@testable import CommandLineTool

extension EndToEnd {
    /// The portal in a real Chromium, driven by Playwright: `Tests/Portal` has the tests, each with its own tenant.
    @Suite struct PortalSuiteTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        /// Screenshots of each page at three widths lie in `.build/portal` afterwards.
        @Test("What a shop's owner does in the browser")
        func inTheBrowser() async throws {
            var environment = Repository.environment
            for name in ["MARTLET_API_URL", "MARTLET_INGEST_URL", "MARTLET_JWT_SECRET", "MARTLET_DATABASE_URL"] {
                let value: String = try #require(stack.settings.values[name])
                environment[name] = value
            }
            environment["MARTLET_ARTEFACTS"] = Repository.root + "/.build/portal"
            environment["PYTHONDONTWRITEBYTECODE"] = "1"
            let suite = try await Program.run(
                Repository.root + "/.venv/bin/python",
                ["-m", "pytest", "--quiet", "--tb=short", "-p", "no:cacheprovider", "Tests/Portal"],
                environment: environment)
            #expect(suite.status == 0, "\(suite.output)")
            // Nothing collected would be no failure.
            #expect(suite.output.contains(#/[0-9]{2,} passed/#), "\(suite.output)")
        }
    }
}
