namespace Understudy.Training;

/// <summary>What one network took over from another.</summary>
/// <param name="Network">"generator" or "discriminator".</param>
/// <param name="Taken">Arrays taken whole.</param>
/// <param name="Partly">Arrays taken in part, and which part.</param>
/// <param name="Fresh">Arrays that start at random, as in a new run.</param>
/// <param name="Unused">Arrays of the source that have no place here.</param>
public sealed record TransferReport(
    string Network, IReadOnlyList<string> Taken, IReadOnlyList<(string Name, string Part)> Partly, IReadOnlyList<string> Fresh,
    IReadOnlyList<string> Unused)
{
    /// <summary>One line; blocks of which nothing was taken by their name alone.</summary>
    public override string ToString()
    {
        string[] taken = [.. Taken, .. Partly.Select(p => p.Name)];
        var parts = new List<string> { $"{Network}: {Taken.Count} of {taken.Length + Fresh.Count} arrays taken" };
        if (Partly.Count > 0) parts.Add("in part " + string.Join(", ", Partly.Select(p => $"{p.Name} ({p.Part})")));
        if (Fresh.Count > 0) parts.Add("new " + string.Join(", ", Grouped(Fresh, taken)));
        if (Unused.Count > 0) parts.Add("not used " + string.Join(", ", Grouped(Unused, taken)));
        return string.Join("; ", parts);
    }

    private static IEnumerable<string> Grouped(IReadOnlyList<string> names, string[] taken) => names.GroupBy(Block)
        .SelectMany(g => g.Count() > 1 && !taken.Any(t => Block(t) == g.Key) ? [g.Key + ".*"] : g.AsEnumerable());

    // "synthesis.b8", "mapping.embed", "b8".
    private static string Block(string name)
    {
        var parts = name.Split('.');
        return parts[0] is "synthesis" or "mapping" ? string.Join('.', parts.Take(2)) : parts[0];
    }
}
