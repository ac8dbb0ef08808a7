using Understudy.Common;
using static TorchSharp.torch;

namespace Understudy.Networks;

/// <summary>How far a file of weights may differ from the network it is loaded into.</summary>
/// <param name="Fresh">Beginnings of names that may keep their initial values where the file has none or another shape, such as
/// "conv1." for another stem.</param>
/// <param name="Ignored">Beginnings of names in the file that the network has no use for, such as "AuxLogits.".</param>
public sealed record WeightsFit(IReadOnlyList<string> Fresh, IReadOnlyList<string> Ignored)
{
    /// <summary>Every name in both; only the channels and the classes may differ.</summary>
    public static WeightsFit Exact { get; } = new([], []);

    /// <summary>What either allows.</summary>
    public WeightsFit With(WeightsFit? other) =>
        other is null ? this : new([.. Fresh, .. other.Fresh], [.. Ignored, .. other.Ignored]);
}

/// <summary>What <see cref="ClassifierWeights.Load"/> did.</summary>
/// <param name="Loaded">Names whose values are the file's.</param>
/// <param name="Folded">Those of them that were folded from three channels to one.</param>
/// <param name="Fresh">Names that keep their initial values: the last layer of another number of classes, and what was
/// allowed.</param>
/// <param name="Ignored">Names in the file that went nowhere, as was allowed.</param>
public sealed record WeightsReport(
    IReadOnlyList<string> Loaded, IReadOnlyList<string> Folded, IReadOnlyList<string> Fresh, IReadOnlyList<string> Ignored)
{
    /// <summary>
    /// One line a user should see: how many arrays were taken, and by name all that were not, or not as they were.
    /// </summary>
    public override string ToString()
    {
        var fresh = FreshBelow([]);
        var told = new[] { ("folded to grey", Folded), ("left at their initial values", fresh),
            ("of the file not used", Ignored) }
            .Where(t => t.Item2.Count > 0).Select(t => $"; {t.Item1}: {string.Join(", ", t.Item2)}");
        return $"{Loaded.Count} arrays loaded{string.Concat(told)}";
    }

    /// <summary>Weights that keep their initial values, but for those of the <paramref name="last"/> layer.</summary>
    /// <remarks>A count of batches is no weight: every file before PyTorch 0.4.1 lacks it, and nothing here reads it.</remarks>
    internal List<string> FreshBelow(IReadOnlyCollection<string> last) =>
        [.. Fresh.Where(n => !last.Contains(n) && !n.EndsWith(ClassifierWeights.BatchCount, StringComparison.Ordinal))];
}

/// <summary>Weights learnt elsewhere, as the start of a classifier.</summary>
public static class ClassifierWeights
{
    internal const string BatchCount = ".num_batches_tracked";

    /// <summary>
    /// Copies a file's values into a network, by name. Where the network is grey and the file's is not, the first convolution is
    /// summed over its channels: the same answer to a grey image as to its three equal channels. Where the file has another
    /// number of classes, the last layer keeps its initial values. Number types are converted. Nothing is copied unless
    /// everything fits.
    /// </summary>
    /// <param name="path">safetensors, <c>.pth</c> or <c>.pt</c> (<see cref="WeightsFile.Read"/>).</param>
    /// <param name="anew">Names that keep their initial values though the file has them.</param>
    /// <remarks>
    /// Published ImageNet weights are for images less the mean and divided by the deviation of ImageNet, not for [−1, 1].
    /// </remarks>
    /// <exception cref="InvalidDataException">
    /// No readable file, or names and shapes beyond <paramref name="fit"/>: they are listed. Or values that are no numbers.
    /// </exception>
    public static WeightsReport Load(string path, nn.Module net, WeightsFit? fit = null, IReadOnlyCollection<string>? anew = null)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        fit ??= WeightsFit.Exact;
        var file = new Dictionary<string, SafetensorsEntry>(WeightsFile.Read(path), StringComparer.Ordinal);
        var state = net.state_dict();
        var (first, last) = (FirstConvolution(net), LastLayer(net));

        var report = (Loaded: new List<string>(), Folded: new List<string>(), Fresh: new List<string>());
        var (missing, wrong) = (new List<string>(), new List<string>());
        foreach (var (name, target) in state)
        {
            if (anew?.Contains(name) == true) report.Fresh.Add(name);
            else if (!file.TryGetValue(name, out var entry))
            {
                // The count of batches came with version 0.4.1 and matters only to a batch norm without momentum.
                (Begins(name, fit.Fresh) || name.EndsWith(BatchCount, StringComparison.Ordinal) ? report.Fresh : missing)
                    .Add(name);
            }
            else if (!Weights.Supports(entry.Dtype)) wrong.Add($"{name} as numbers of type {entry.Dtype}");
            else if (target.shape.AsSpan().SequenceEqual(entry.Shape)) report.Loaded.Add(name);
            else if (name == first && Differs(target.shape, entry.Shape, 1) && (target.shape[1], entry.Shape[1]) == (1, 3))
                report.Folded.Add(name);
            else if (Begins(name, fit.Fresh) || (last.Contains(name) && Differs(target.shape, entry.Shape, 0)))
                report.Fresh.Add(name);
            else wrong.Add($"{name} as {Shape(entry.Shape)} where the network has {Shape(target.shape)}");
        }
        var surplus = file.Keys.Where(k => !state.ContainsKey(k)).ToLookup(k => Begins(k, fit.Ignored));
        Refuse(path, missing, wrong, [.. surplus[false]]);
        RequireFinite(path, report.Loaded.Concat(report.Folded), file);

        foreach (var name in report.Loaded) state[name].copy_(Weights.ToTensor(file[name]));
        foreach (var name in report.Folded)
            state[name].copy_(Weights.ToTensor(file[name]).to(ScalarType.Float32).sum(1, keepdim: true));
        return new([.. report.Loaded, .. report.Folded], report.Folded, report.Fresh, [.. surplus[true]]);
    }

    private static void Refuse(string path, List<string> missing, List<string> wrong, List<string> surplus)
    {
        var faults = new[] { ("lacks ", missing), ("holds ", wrong), ("has in addition ", surplus) }
            .Where(f => f.Item2.Count > 0).Select(f => f.Item1 + Some(f.Item2));
        if (string.Join("; ", faults) is { Length: > 0 } all)
        {
            throw new InvalidDataException($"{path} is of another network: it {all}. "
                + "Name the network it is of, or allow names to stay fresh (--fresh) or to be ignored (--ignore)");
        }
    }

    /// <summary>With others, training fails at its first step, and would blame its rate.</summary>
    private static void RequireFinite(string path, IEnumerable<string> names, Dictionary<string, SafetensorsEntry> file)
    {
        var wrong = names.Where(name => !IsFinite(file[name])).ToList();
        if (wrong.Count == 0) return;
        throw new InvalidDataException($"{path}: NaN, infinity or a number beyond float32 in {Some(wrong)}; "
            + "the file is damaged, or its training failed: take another");
    }

    private static bool IsFinite(SafetensorsEntry entry)
    {
        using var scope = NewDisposeScope();
        return Weights.ToTensor(entry).to(ScalarType.Float32).isfinite().all().item<bool>();
    }

    private static string? FirstConvolution(nn.Module net) =>
        net.named_parameters().FirstOrDefault(p => p.parameter.dim() == 4).name;

    /// <summary>Weight and bias of the last matrix, or of the last convolution where there is no matrix.</summary>
    internal static string[] LastLayer(nn.Module net)
    {
        var parameters = net.named_parameters().ToList();
        var weight = (parameters.LastOrDefault(p => p.parameter.dim() == 2).name
            ?? parameters.LastOrDefault(p => p.parameter.dim() == 4).name) ?? "";
        return [weight, weight.EndsWith(".weight", StringComparison.Ordinal) ? weight[..^".weight".Length] + ".bias" : weight];
    }

    private static bool Differs(long[] a, long[] b, int only) =>
        a.Length == b.Length && Enumerable.Range(0, a.Length).All(d => d == only || a[d] == b[d]);

    private static bool Begins(string name, IReadOnlyList<string> beginnings) =>
        beginnings.Any(b => name.StartsWith(b, StringComparison.Ordinal));

    private static string Shape(long[] shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>The first few of them; of the others, how many begin alike, as --fresh and --ignore take them.</summary>
    internal static string Some(List<string> names)
    {
        const int few = 6;
        var more = names.Skip(few).GroupBy(n => n[..(n.IndexOf('.', StringComparison.Ordinal) + 1)], StringComparer.Ordinal)
            .Select(g => g.Key.Length > 0 ? $"{g.Count()} of {g.Key}" : $"{g.Count()} others").ToList();
        return string.Join(", ", names.Take(few)) + (more.Count == 0 ? "" : $" and {names.Count - few} more ({string.Join(", ", more)})");
    }
}
