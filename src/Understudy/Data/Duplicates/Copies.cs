using Understudy.Common;

namespace Understudy.Data;

/// <summary>Test images that training has seen in another form, and test images that show the same.</summary>
/// <param name="Reasons">Id of a tested image → where its copy is: "exact copy in generator", "near copy in generator,
/// validation".</param>
/// <param name="Clusters">Id of a tested image → its cluster, for those that share a picture with another tested image.</param>
public sealed record Copies(IReadOnlyDictionary<string, string> Reasons, IReadOnlyDictionary<string, string> Clusters)
{
    /// <summary>
    /// Looks through all images: equal pixels, and near copies (see <see cref="Duplicates"/>), mirrored ones too.
    /// </summary>
    /// <param name="roles">What each image was for; those of role <paramref name="tested"/> are examined, an empty one takes no
    /// part.</param>
    /// <exception cref="OptionException">A threshold out of range.</exception>
    public static Copies Find(ImageSet set, IReadOnlyList<string> roles, string tested,
        double threshold = Duplicates.DefaultThreshold,
        ProgressSink? progress = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(roles);
        var part = Enumerable.Range(0, set.Count).Where(i => roles[i].Length > 0).ToArray();
        var looked = set.Subset(part).WithParts([.. part.Select(i => roles[i])]);
        var report = Duplicates.Find(looked, threshold, progress: progress);
        var others = Enumerable.Range(0, report.PartNames.Count).Where(k => report.PartNames[k] != tested).ToArray();
        var reasons = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var clusters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < looked.Count; i++)
        {
            if (looked.Parts![i] != tested) continue;
            if (Held(report.ExactParts[i]) is { Length: > 0 } exact) reasons[looked.Ids[i]] = $"exact copy in {exact}";
            else if (Held(report.NearParts[i]) is { Length: > 0 } near) reasons[looked.Ids[i]] = $"near copy in {near}";
        }
        foreach (var cluster in report.Clusters.Select(c => c.Where(i => looked.Parts![i] == tested).ToArray())
            .Where(c => c.Length > 1))
        {
            foreach (var i in cluster) clusters[looked.Ids[i]] = looked.Ids[cluster[0]];
        }
        return new(reasons, clusters);

        string Held(uint bits) => string.Join(", ", others.Where(k => (bits & (1u << k)) != 0).Select(k => report.PartNames[k]));
    }
}
