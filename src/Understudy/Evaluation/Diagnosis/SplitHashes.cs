namespace Understudy.Evaluation.Diagnosis;

/// <summary>Do artefacts come from one split? Under another split, test images of this one may have been trained on.</summary>
public static class SplitHashes
{
    public const string Detector = "split";

    private const int Shown = 12, Names = 3;

    /// <param name="artefacts">What each one's header names as its split; an empty hash: it was made without one.</param>
    public static Finding Check(IReadOnlyList<(string Name, string Hash)> artefacts)
    {
        ArgumentNullException.ThrowIfNull(artefacts);
        var splits = artefacts.Where(a => a.Hash.Length > 0).GroupBy(a => a.Hash, StringComparer.Ordinal).ToList();
        var without = artefacts.Where(a => a.Hash.Length == 0).Select(a => a.Name).ToList();
        Evidence[] evidence =
            [new("artefacts", artefacts.Count), new("splits", splits.Count), new("without-split", without.Count)];
        if (splits.Count > 1)
        {
            return new(Detector, Severity.Fault,
                $"{artefacts.Count - without.Count} artefacts come from {splits.Count} different splits: "
                + string.Join("; ", splits.Select(s => $"{Short(s.Key)} {List([.. s.Select(a => a.Name)])}"))
                + ". Test images of one may be training images of the other.", evidence,
                    "Make all of them from one split.csv, and give it to every verb with --split.");
        }
        if (splits.Count == 1 && without.Count > 0)
        {
            return new(Detector, Severity.Warning,
                $"{List(without)} {(without.Count == 1 ? "was" : "were")} made without a split, the others from "
                + $"{Short(splits[0].Key)}: "
                + "whether test images were seen is not recorded.", evidence,
                    "Make it again with --split, so that it sees the images of its role alone.");
        }
        return splits.Count == 0
            ? new(Detector, Severity.Inconclusive,
                $"{List(without)} {(without.Count == 1 ? "names" : "name")} no split: whether test images were seen is not recorded.", evidence, "")
            : new(Detector, Severity.Fine,
                $"{(artefacts.Count == 1 ? $"{artefacts[0].Name} names" : $"{artefacts.Count} artefacts name")} the split "
                + $"{Short(splits[0].Key)}.", evidence, "");
    }

    private static string Short(string hash) => hash[..Math.Min(Shown, hash.Length)];

    private static string List(List<string> names) =>
        string.Join(", ", names.Take(Names)) + (names.Count > Names ? $" and {names.Count - Names} more" : "");
}
