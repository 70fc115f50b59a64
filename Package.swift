// swift-tools-version:6.2
import PackageDescription

/// One list for every target: Swift 6 mode, the four upcoming features, and warnings are errors.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

// MARK: Libraries from outside, by the name that the targets below use

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")

// MARK: Rooms. A row may use the rows below it, never one beside or above it.

func shelf(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Shared/\(name)", resources: resources, swiftSettings: strict)
}

func service(
    _ name: String, in folder: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies + [argumentParser, lifecycle, logging], path: "Services/\(folder)",
        resources: resources, swiftSettings: strict)
}

func tests(of name: String, _ more: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + more, path: "Tests/\(name)Tests",
        swiftSettings: strict)
}

let cLibraries: [Target] = [
    .systemLibrary(
        name: "CCurl", path: "Shared/CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CEpoll", path: "Shared/CEpoll"),
    .systemLibrary(name: "CLZ4", path: "Shared/CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(name: "CPostgres", path: "Shared/CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
]

let shared: [Target] = [
    // drivers
    shelf("Epoll", ["CEpoll"]),
    shelf("Curl", ["CCurl", "Epoll"]),
    shelf("Postgres", ["CPostgres", "Epoll", deque, logging, metrics]),
    shelf("LZ4", ["CLZ4"]),
    // the domain: values, no I/O
    shelf("JSON", []),
    shelf("EventPatterns", ["JSON"]),
    shelf("PayloadQueries", ["JSON"]),
    shelf(
        "Webhooks", ["EventPatterns", "JSON", crypto],
        resources: [
            .embedInCode("Resources/event-catalogue.json"), .embedInCode("Resources/event-examples.json"),
        ]),
    shelf("Dressing", ["Webhooks", "PayloadQueries", "JSON", crypto]),
    // what the services stand on
    shelf(
        "Store", ["Postgres", "Webhooks", "JSON", "LZ4", "Epoll", crypto, logging],
        resources: [.embedInCode("Migrations")]),
    shelf("Sending", ["Curl", "Dressing", "Epoll", "JSON", "Webhooks"]),
    shelf("Prometheus", [coreMetrics]),
    shelf(
        "Hosting", ["JSON", "Prometheus", configuration, hummingbird, lifecycle, logging, metrics, unixSignals],
        resources: [.embedInCode("Resources/openapi.yaml")]),
    shelf("Upkeep", ["Hosting", "Postgres", "Store", lifecycle, logging]),
    shelf(
        "Tenancy",
        ["Curl", "Epoll", "Hosting", "Postgres", "Store", "Webhooks", crypto, hummingbird, jwt, lifecycle]),
]

let services: [Target] = [
    service(
        "APIService", in: "API",
        [
            "Curl", "Dressing", "Epoll", "EventPatterns", "Hosting", "JSON", "PayloadQueries", "Postgres", "Sending",
            "Store", "Tenancy", "Upkeep", "Webhooks", hummingbird,
        ], resources: [.embedInCode("Portal/Files")]),
    service(
        "IngesterService", in: "Ingester",
        [
            "Epoll", "EventPatterns", "Hosting", "JSON", "Postgres", "Prometheus", "Store", "Tenancy", "Upkeep",
            "Webhooks", hummingbird,
        ]),
    service(
        "DeliveryService", in: "Delivery",
        [
            "Curl", "Dressing", "Epoll", "Hosting", "JSON", "PayloadQueries", "Postgres", "Sending", "Store",
            "Webhooks", deque, heap, metrics,
        ]),
    service(
        "MetricsService", in: "Metrics",
        [
            "Curl", "Epoll", "Hosting", "JSON", "Postgres", "Prometheus", "Store", "Tenancy", "Upkeep", "Webhooks",
            hummingbird,
        ]),
    service(
        "CommandLineTool", in: "CLI",
        ["Curl", "Dressing", "Epoll", "Postgres", "Store", "Webhooks", crypto, hummingbird, jwt, unixSignals]),
]

let testing: [Target] = [
    .target(
        name: "TestSupport", dependencies: ["Store", "Postgres", "Epoll", logging], path: "Tests/TestSupport",
        swiftSettings: strict),
    tests(of: "Epoll"), tests(of: "Curl"), tests(of: "Postgres", ["Store"]), tests(of: "JSON"),
    tests(of: "EventPatterns", ["JSON"]), tests(of: "PayloadQueries", ["JSON"]), tests(of: "Webhooks"),
    tests(of: "LZ4"), tests(of: "Dressing"), tests(of: "Store", ["Postgres", "Webhooks"]), tests(of: "Prometheus"),
    tests(of: "Hosting", [hummingbirdTesting]), tests(of: "Tenancy", [hummingbirdTesting, lifecycle]),
    tests(of: "APIService", [hummingbirdTesting]), tests(of: "IngesterService", [hummingbirdTesting]),
    tests(of: "Sending", ["Curl", "Dressing", "Epoll", "Webhooks"]), tests(of: "DeliveryService"),
    tests(of: "CommandLineTool"),
    tests(of: "MetricsService", ["Epoll", "Hosting", "Postgres", "Prometheus", "Store", "Webhooks"]),
    .testTarget(
        name: "EndToEndTests",
        dependencies: [
            "TestSupport", "APIService", "IngesterService", "DeliveryService", "MetricsService", "CommandLineTool",
        ],
        path: "Tests/EndToEndTests", swiftSettings: strict),
    .testTarget(
        name: "FuzzTests",
        dependencies: [
            "TestSupport", "APIService", "IngesterService", "Curl", "Dressing", "EventPatterns", "JSON",
            "PayloadQueries", "Sending", "Tenancy", "Webhooks", hummingbird,
        ],
        path: "Tests/FuzzTests", swiftSettings: strict),
    .testTarget(
        name: "PlanTests", dependencies: ["TestSupport", "Store", "Postgres", "Webhooks"], path: "Tests/PlanTests",
        swiftSettings: strict),
    .testTarget(name: "TidyTests", path: "Tests/TidyTests", swiftSettings: strict),
]

let package = Package(
    name: "martlet",
    // what the libraries ask for; the drivers need epoll, so Martlet itself builds on Linux only
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "martlet", targets: ["CommandLineTool"]),
        .executable(name: "martlet-api", targets: ["APIService"]),
        .executable(name: "martlet-delivery", targets: ["DeliveryService"]),
        .executable(name: "martlet-ingester", targets: ["IngesterService"]),
        .executable(name: "martlet-metrics", targets: ["MetricsService"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: [.defaults, "CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: cLibraries + shared + services + testing,
    swiftLanguageModes: [.v6]
)
