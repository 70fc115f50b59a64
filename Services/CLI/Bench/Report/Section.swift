/// What one scenario measured.
struct Section: Sendable, Equatable {
    let name: String
    private(set) var figures: [Figure] = []
    /// What a reader must know of the figures: what could not be measured, what disturbed them.
    private(set) var notes: [String] = []

    init(_ name: String) { self.name = name }

    mutating func add(_ name: String, _ value: Double, _ unit: Figure.Unit, goal: Goal? = nil) {
        figures.append(Figure(name, value, unit, goal: goal))
    }

    mutating func add(_ more: [Figure]) { figures += more }

    mutating func note(_ text: String) { if !notes.contains(text) { notes.append(text) } }

    /// Figure by figure the median of several runs, of the goals' limits too; the notes of all.
    static func median(of runs: [Section]) -> Section? {
        guard var section = runs.first else { return nil }
        section.figures = section.figures.map { figure in
            let same = runs.flatMap { $0.figures.filter { $0.name == figure.name } }
            let limits = same.compactMap(\.goal?.limit)
            return Figure(
                figure.name, Percentiles(same.map(\.value)).median, figure.unit,
                goal: figure.goal.map { Goal(bound: $0.bound, limit: Percentiles(limits).median) })
        }
        for run in runs.dropFirst() { for text in run.notes { section.note(text) } }
        return section
    }
}
