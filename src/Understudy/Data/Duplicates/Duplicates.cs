using System.Numerics;
using System.Runtime.InteropServices;
using Understudy.Common;

namespace Understudy.Data;

/// <summary>
/// Finds copies inside and across the parts of a set: equal pixels, and near copies (normalised correlation of the images reduced
/// to 16×16 by area, mirrored ones too). Every pair is considered: nothing is sampled. Blank images are listed, and no copies of
/// each other.
/// </summary>
public static class Duplicates
{
    /// <summary>The correlation from which two images count as near copies, as the study's protocol has it.</summary>
    public const double DefaultThreshold = .95;

    /// <summary>The side, in pixels, to which images are reduced before they are correlated.</summary>
    public const int ComparedSide = FrequencyPrints.Side;

    /// <summary>Pairs that are listed; a set of one picture has more than any list should.</summary>
    public const int MaxPairs = 1_000_000;

    /// <summary>Rows of a step: between two steps progress is told and the lists are merged, in order.</summary>
    private const int Step = 512, Slack = 4;

    /// <param name="threshold">0.5 to 1.</param>
    /// <param name="flips">Mirror images count.</param>
    /// <exception cref="OptionException">A threshold out of range.</exception>
    public static DuplicateReport Find(ImageSet set, double threshold = DefaultThreshold, bool flips = true,
        ProgressSink? progress = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        OptionException.RequireRange("threshold", threshold, .5, 1);
        string[] parts = set.Parts is null
            ? [DuplicateReport.Whole] : [.. set.Parts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (parts.Length > 32) throw new InvalidDataException($"the set has {parts.Length} parts; up to 32 are compared");
        var links = new Links(set, parts);
        var blank = Enumerable.Range(0, set.Count).Where(i => IsBlank(set[i], set.Shape)).ToArray();
        var representatives = FindExact(set, links, blank);
        FindNear(set, representatives, (float)threshold, flips, links, progress ?? ProgressSink.None);
        return links.Report(threshold, parts, blank);
    }

    /// <summary>One level all over (in each channel): a picture of nothing, of which two are no copies of each other.</summary>
    private static bool IsBlank(ReadOnlySpan<byte> image, ImageShape shape)
    {
        var plane = shape.Height * shape.Width;
        for (int c = 0; c < shape.Channels; c++)
        {
            if (image.Slice(c * plane, plane).ContainsAnyExcept(image[c * plane])) return false;
        }
        return true;
    }

    /// <summary>Links images of equal pixels; the first of each is returned, so that copies are not compared again.</summary>
    private static int[] FindExact(ImageSet set, Links links, int[] blank)
    {
        var seen = new Dictionary<ulong, List<int>>();
        var first = new List<int>();
        foreach (var i in Enumerable.Range(0, set.Count).Except(blank))
        {
            var same = CollectionsMarshal.GetValueRefOrAddDefault(seen, System.IO.Hashing.XxHash64.HashToUInt64(set[i]),
                out _) ??= [];
            var original = same.FindIndex(j => set[j].SequenceEqual(set[i]));
            if (original >= 0) links.Exact(same[original], i);
            else
            {
                same.Add(i);
                first.Add(i);
            }
        }
        return [.. first];
    }

    private static void FindNear(ImageSet set, int[] images, float threshold, bool flips, Links links, ProgressSink progress)
    {
        var prints = FrequencyPrints.Of(set.Count == images.Length ? set : set.Subset(images));
        var leads = new float[images.Length * FrequencyPrints.Lead];
        for (int i = 0; i < images.Length; i++)
            prints.Values.AsSpan(i * FrequencyPrints.Stride, FrequencyPrints.Lead).CopyTo(leads.AsSpan(i * FrequencyPrints.Lead));
        var found = new List<DuplicatePair>[Step];
        for (int start = 0; start < images.Length; start += Step)
        {
            var n = Math.Min(Step, images.Length - start);
            Parallel.For(0, (n + Slack - 1) / Slack, block =>
            {
                for (int r = block * Slack; r < Math.Min(n, (block + 1) * Slack); r++)
                    found[r] = Row(prints, leads, start + r, threshold, flips);
            });
            for (int r = 0; r < n; r++)
            {
                foreach (var p in found[r]) links.Near(p with { A = images[p.A], B = images[p.B] });
            }
            double done = start + n, all = images.Length;
            progress.Report("find duplicates", Math.Round(images.Length * (1 - (1 - done / all) * (1 - done / all))), all,
                "image");
        }
    }

    /// <summary>The near copies of image <paramref name="a"/> among those after it.</summary>
    private static List<DuplicatePair> Row(FrequencyPrints prints, float[] leads, int a, float threshold, bool flips)
    {
        var pairs = new List<DuplicatePair>();
        if (prints.Flat[a]) return pairs;
        var bound = threshold - 1e-4f;   // float32 rounding must not rule out what is at the threshold
        var mine = leads.AsSpan(a * FrequencyPrints.Lead, FrequencyPrints.Lead);
        var count = prints.Flat.Length;
        for (int b = a + 1; b < count; b++)
        {
            var theirs = leads.AsSpan(b * FrequencyPrints.Lead, FrequencyPrints.Lead);
            var even = Dot(mine[..FrequencyPrints.HalfLead], theirs[..FrequencyPrints.HalfLead]);
            var odd = Dot(mine[FrequencyPrints.HalfLead..], theirs[FrequencyPrints.HalfLead..]);
            if (even + (flips ? Math.Abs(odd) : odd) < bound || prints.Flat[b]) continue;
            var (same, mirrored) = Correlations(prints, a, b);
            var flipped = flips && mirrored > same;
            var best = flipped ? mirrored : same;
            if (best >= threshold) pairs.Add(new(a, b, best, false, flipped));
        }
        return pairs;
    }

    /// <summary>
    /// The correlation of two images, and of one with the other's mirror image, in float64 for a result that is the same
    /// everywhere.
    /// </summary>
    private static (float Same, float Mirrored) Correlations(FrequencyPrints prints, int a, int b)
    {
        var x = prints.Values.AsSpan(a * FrequencyPrints.Stride, FrequencyPrints.Stride);
        var y = prints.Values.AsSpan(b * FrequencyPrints.Stride, FrequencyPrints.Stride);
        // the tails' norms are no coefficient
        double even = -(double)x[FrequencyPrints.HalfLead - 1] * y[FrequencyPrints.HalfLead - 1], odd = 0;
        for (int k = 0; k < FrequencyPrints.HalfLead; k++) even += (double)x[k] * y[k];
        for (int k = FrequencyPrints.HalfLead; k < FrequencyPrints.Lead; k++) odd += (double)x[k] * y[k];
        for (int k = FrequencyPrints.Lead; k < FrequencyPrints.OddRest; k++) even += (double)x[k] * y[k];
        for (int k = FrequencyPrints.OddRest; k < FrequencyPrints.Stride; k++) odd += (double)x[k] * y[k];
        return ((float)(even + odd), (float)(even - odd));
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = Vector<float>.Zero;
        for (int i = 0; i < FrequencyPrints.HalfLead; i += Vector<float>.Count)
            sum += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        return Vector.Sum(sum);
    }
}
