namespace Understudy.Common;

/// <summary>"Did you mean": the known word nearest to a mistyped one.</summary>
internal static class Closest
{
    /// <summary>
    /// The nearest of <paramref name="known"/> within a third of its length in edits (at least one, swaps count once), or null.
    /// </summary>
    public static string? To(string word, IEnumerable<string> known)
    {
        var best = known.Select(k => (Word: k, Edits: Edits(word.ToLowerInvariant(), k.ToLowerInvariant())))
            .Where(c => c.Edits <= Math.Max(1, Math.Max(word.Length, c.Word.Length) / 3))
            .OrderBy(c => c.Edits).ThenBy(c => c.Word, StringComparer.Ordinal).FirstOrDefault();
        return best.Word;
    }

    /// <summary>"; did you mean 'epochs'?", or the whole list where nothing is near and the list is short, or nothing.</summary>
    public static string Hint(string word, IReadOnlyCollection<string> known) =>
        To(word, known) is { } near ? $"; did you mean '{near}'?"
        : known.Count is > 0 and <= 24 ? $"; known: {string.Join(", ", known)}" : "";

    /// <summary>Damerau–Levenshtein distance with adjacent swaps (optimal string alignment).</summary>
    private static int Edits(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                var replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
