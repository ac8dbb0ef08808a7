using System.Globalization;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Ops;
using Understudy.Networks.StyleGan2;
using Understudy.Training;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Synthesis;

/// <summary>
/// A generator's state dictionary from elsewhere, under the reference implementation's names: what the network was made of is
/// read off the shapes. safetensors, or PyTorch's .pth and .pt by a reader that runs nothing; names may all stand behind one
/// prefix, such as "G_ema.".
/// </summary>
public static class ForeignGenerator
{
    private const string FirstLayer = "mapping.fc0.weight", FilterSuffix = "resample_filter";

    /// <summary>Reads and checks the network.</summary>
    /// <param name="classes">
    /// Names in label order; empty: those in the header of a file that was exported here, else "class 0", "class 1" …; must be
    /// given where the network's label is one number.
    /// </param>
    /// <exception cref="InvalidDataException">No such network, or arrays that are missing, surplus or of another shape: they are
    /// named.</exception>
    /// <exception cref="OptionException">
    /// Another number of class names than the network has classes, or none where that number is not known.
    /// </exception>
    public static (Generator Generator, GeneratorCard Card) Read(string path, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (GeneratorFile.IsOurs(path)) return ReadOurs(path, classes);
        var arrays = WithoutPrefix(WeightsFile.Read(path), path);
        var options = OptionsOf(arrays.ToDictionary(a => a.Key, a => a.Value.Shape, StringComparer.Ordinal), path);
        var names = Names(classes, options.LabelDim);
        Generator generator;
        try
        {
            generator = new Generator(options, 0);
        }
        catch (OptionException e)
        {
            throw new InvalidDataException($"{path}: its shapes make no generator here: {e.Message}", e);
        }
        Fill(generator, arrays, path);
        generator.eval();
        return (generator, new(options, [.. names], "", "", 0, 0));
    }

    /// <summary>A generator of our own, which knows how many classes it has, under other names for them.</summary>
    private static (Generator Generator, GeneratorCard Card) ReadOurs(string path, IReadOnlyList<string> classes)
    {
        var card = GeneratorFile.ReadCard(path);
        if (classes.Count > 0)
        {
            if (classes.Count != card.Classes.Count) throw OtherNumber(classes, card.Classes.Count);
            card = card with { Classes = [.. new ClassNames(classes)] };
        }
        return (GeneratorFile.Load(path).Generator, card);
    }

    private static OptionException OtherNumber(IReadOnlyList<string> classes, int count) => new(
        $"classes: {classes.Count} names ({string.Join(", ", classes)}); the network has {count}: give as many, in label order");

    /// <summary>What a network with these names and shapes was made of.</summary>
    /// <exception cref="InvalidDataException">A name that every generator has is missing, or the widths follow no
    /// rule.</exception>
    internal static GeneratorOptions OptionsOf(IReadOnlyDictionary<string, long[]> shapes, string source)
    {
        var mapping = Shape(FirstLayer, 2);
        var labels = shapes.ContainsKey("mapping.embed.weight") ? (int)Shape("mapping.embed.weight", 2)[1] : 0;
        var layers = Enumerable.Range(0, 64).TakeWhile(i => shapes.ContainsKey($"mapping.fc{i}.weight")).Count();
        var sizes = shapes.Keys.Select(Resolution).OfType<int>().Distinct().Order().ToList();
        if (sizes.Count < 2)
        {
            throw new InvalidDataException($"{source}: has blocks {string.Join(", ", sizes)} under synthesis.b…; a generator has "
                + "two or more");
        }
        var widths = sizes.Select(r => (Resolution: r, Width: (int)Shape($"synthesis.b{r}.conv1.weight", 4)[0])).ToList();
        var (channelBase, channelMax) = RuleOf(widths, source);
        return new()
        {
            Resolution = sizes[^1],
            Channels = (int)Shape($"synthesis.b{sizes[^1]}.torgb.weight", 4)[0],
            LabelDim = labels,
            WDim = (int)mapping[0],
            ZDim = (int)(mapping[1] - (labels > 0 ? mapping[0] : 0)),
            MappingLayers = layers,
            ChannelBase = channelBase,
            ChannelMax = channelMax,
            Architecture = shapes.ContainsKey($"synthesis.b{sizes[0]}.torgb.weight") ? Architecture.Skip
                : shapes.ContainsKey($"synthesis.b{sizes[1]}.skip.weight") ? Architecture.Resnet : Architecture.Orig,
        };

        long[] Shape(string name, int dimensions) => !shapes.TryGetValue(name, out var shape)
            ? throw new InvalidDataException($"{source}: lacks '{name}'; it is no generator")
            : shape.Length == dimensions ? shape
            : throw new InvalidDataException($"{source}: '{name}' is {Text(shape)}; a generator's has {dimensions} dimensions");
    }

    /// <summary>channel_base and channel_max that give these widths: min(⌊base / r⌋, max).</summary>
    private static (int Base, int Max) RuleOf(List<(int Resolution, int Width)> widths, string source)
    {
        var max = widths.Max(w => w.Width);
        // the smallest base that is wide enough everywhere
        var least = widths.Max(w => w.Width * w.Resolution);
        if (widths.All(w => Math.Min(least / w.Resolution, max) == w.Width)) return (least, max);
        throw new InvalidDataException(
            $"{source}: widths {string.Join(", ", widths.Select(w => $"{w.Width} at {w.Resolution}"))} "
            + $"follow no min(channel_base / resolution, channel_max)");
    }

    private static void Fill(Generator generator, IReadOnlyDictionary<string, SafetensorsEntry> arrays, string source)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var state = generator.state_dict();
        // A constant of the architecture: it may be missing, and must be ours.
        var missing = state.Keys.Where(k => !arrays.ContainsKey(k) && !k.EndsWith(FilterSuffix, StringComparison.Ordinal))
            .ToList();
        var surplus = arrays.Keys.Where(k => !state.ContainsKey(k)).ToList();
        var wrong = state.Where(s => arrays.TryGetValue(s.Key, out var a) && !a.Shape.AsSpan().SequenceEqual(s.Value.shape))
            .Select(s => $"'{s.Key}' as {Text(arrays[s.Key].Shape)} where this network has {Text(s.Value.shape)}").ToList();
        var faults = new[] { ("lacks ", missing), ("holds ", wrong), ("has in addition ", surplus) }
            .Where(f => f.Item2.Count > 0).Select(f => f.Item1 + Some(f.Item2)).ToList();
        if (faults.Count > 0)
        {
            throw new InvalidDataException($"{source}: {string.Join("; ", faults)}. "
                + "Give the averaged generator's state dictionary, whole and by the reference's names");
        }
        foreach (var (name, target) in state)
        {
            if (!arrays.TryGetValue(name, out var entry)) continue;
            var value = Weights.ToTensor(entry);
            if (name.EndsWith(FilterSuffix, StringComparison.Ordinal)
                && (value.to(ScalarType.Float32) - Resampling.Filter1331()).abs().max().item<float>() > 1e-6)
            {
                throw new InvalidDataException(
                    $"{source}: '{name}' is another filter than [1, 3, 3, 1]; such networks are not supported");
            }
            target.copy_(value);
        }
    }

    /// <summary>
    /// The arrays behind the prefix that the generator's names stand behind; others (a discriminator's) are left out.
    /// </summary>
    private static Dictionary<string, SafetensorsEntry> WithoutPrefix(
        IReadOnlyList<KeyValuePair<string, SafetensorsEntry>> arrays, string source)
    {
        // A whole training's file holds the generator twice: the averaged one is wanted. A discriminator has no synthesis
        // network.
        var prefixes = arrays.Select(a => a.Key).Where(k => k.EndsWith(FirstLayer, StringComparison.Ordinal))
            .Select(k => k[..^FirstLayer.Length])
            .Where(p => arrays.Any(a => a.Key.StartsWith(p + "synthesis.", StringComparison.Ordinal)))
            .OrderByDescending(p => p.Contains("ema", StringComparison.OrdinalIgnoreCase)).ThenBy(p => p.Length).ToList();
        if (prefixes.Count == 0)
            throw new InvalidDataException($"{source}: lacks '{FirstLayer}' and 'synthesis.…'; it is no generator");
        var prefix = prefixes[0];
        return arrays.Where(a => a.Key.StartsWith(prefix, StringComparison.Ordinal) && a.Key != GeneratorFile.ClassMeansName)
            .ToDictionary(a => a.Key[prefix.Length..], a => a.Value, StringComparer.Ordinal);
    }

    private static IReadOnlyList<string> Names(IReadOnlyList<string> classes, int labels)
    {
        var count = Math.Max(1, labels);
        if (classes.Count == 0 && labels == 1)
        {
            throw new OptionException("classes: the network takes one number for its label (c_dim = 1), which may stand for any "
                + "number of classes; name them, in label order");
        }
        if (classes.Count == 0)
            return labels == 0 ? ["all"]
                : [.. Enumerable.Range(0, labels).Select(i => string.Create(CultureInfo.InvariantCulture, $"class {i}"))];
        // One number may be one class, or a scalar condition on any number of them.
        return classes.Count == count || labels == 1 ? [.. new ClassNames(classes)]
            : throw OtherNumber(classes, count);
    }

    private static int? Resolution(string name)
    {
        const string start = "synthesis.b";
        if (!name.StartsWith(start, StringComparison.Ordinal)) return null;
        var end = name.IndexOf('.', start.Length);
        return end > 0 && int.TryParse(name.AsSpan(start.Length, end - start.Length), NumberStyles.None,
            CultureInfo.InvariantCulture, out var r) ? r : null;
    }

    private static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";

    private static string Some(List<string> names) =>
        string.Join(", ", names.Take(4)) + (names.Count > 4 ? $" and {names.Count - 4} more" : "");
}
