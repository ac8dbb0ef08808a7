namespace Understudy.Reporting.Figures;

/// <summary>
/// One colour per arm by its kind, so that real, synthetic, mixed and control look alike in every figure and every report.
/// Numbers name the style sheet's classes c0 … c7; every colour has a contrast of 3 or more to the page in both schemes, and a
/// dash pattern tells lines apart without colour.
/// </summary>
internal static class Palette
{
    private static readonly Dictionary<ArmKind, int[]> Colours = new()
    {
        [ArmKind.Real] = [0, 4],
        [ArmKind.Synthetic] = [1, 3, 5],
        [ArmKind.Mixed] = [2, 6],
        [ArmKind.Control] = [7],
    };

    private static readonly string[] Dashes = ["", "6 3", "2 3", "9 3 2 3", "1 2", "12 4"];

    /// <summary>For each arm its class and its dash pattern (empty: solid).</summary>
    public static IReadOnlyList<LineStyle> Of(IReadOnlyList<ArmKind> kinds) => [.. kinds.Select((kind, i) =>
    {
        var earlier = kinds.Take(i).Count(k => k == kind);
        return new LineStyle($"c{Colours[kind][earlier % Colours[kind].Length]}", Dashes[((int)kind + earlier) % Dashes.Length]);
    })];

    /// <summary>
    /// For what is told apart by its place alone: a generator's losses, classifiers that learned the same images.
    /// </summary>
    public static LineStyle At(int i) => new($"c{i % 8}", Dashes[i % Dashes.Length]);
}

/// <param name="Colour">A class of the style sheet.</param>
/// <param name="Dash">An SVG dash pattern, or empty.</param>
internal readonly record struct LineStyle(string Colour, string Dash);
