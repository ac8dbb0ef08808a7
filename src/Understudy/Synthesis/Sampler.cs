using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Ops;
using Understudy.Training;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Synthesis;

/// <summary>
/// Draws images from a trained generator. Image <c>index</c> of a class depends on (generator, options, class, index) alone. A
/// convolution's last bit can depend on how many images go through together, so they always go in the same company: blocks of
/// <see cref="BlockSize"/> consecutive indices of one class, made whole even where one image is wanted. So an image made again, alone
/// or among thousands, has the same bytes, on one machine with one number of threads.
/// </summary>
public sealed class Sampler : IDisposable
{
    /// <summary>Images that are made together.</summary>
    public const int BlockSize = 32;

    private readonly Generator _generator;

    private Sampler(Generator generator, GeneratorCard card)
    {
        (_generator, Card, Classes) = (generator, card, new ClassNames(card.Classes));
        Shape = new ImageShape(card.Options.Channels, card.Options.Resolution, card.Options.Resolution);
        using var f = new Fingerprint();
        f.Add("generator/1").Add(StrictJson.WriteLine(card.Options));
        foreach (var (name, dtype, shape, data) in Weights.Entries(generator)) f.Add(name).Add(dtype).Add(string.Join(',', shape)).Add(data.Span);
        GeneratorHash = f.Finish();
    }

    /// <param name="path">A generator.safetensors, a checkpoint, or the folder of a run.</param>
    /// <exception cref="InvalidDataException">Not a generator, damaged, or of another version.</exception>
    public static Sampler Load(string path)
    {
        Denormals.Flush();
        var (generator, card) = GeneratorFile.Load(path);
        return new(generator, card);
    }

    public GeneratorCard Card { get; }

    /// <summary>The classes it draws, in label order.</summary>
    public ClassNames Classes { get; }

    /// <summary>Of the images it draws.</summary>
    public ImageShape Shape { get; }

    /// <summary>SHA-256 over options and weights: the same whether they came from a checkpoint or an exported file.</summary>
    public string GeneratorHash { get; }

    /// <summary>Image <paramref name="index"/> of a class, uint8 [C, H, W].</summary>
    public byte[] One(int label, int index, SamplingOptions options)
    {
        RequireClass(label);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return Block(label, index / BlockSize, options.Validate()).AsSpan(index % BlockSize * Shape.Size, Shape.Size).ToArray();
    }

    /// <summary>The first <c>counts[k]</c> images of every class k, as one set, class by class.</summary>
    /// <exception cref="OptionException">Another number of counts than classes, a negative one, or none at all.</exception>
    public ImageSet Draw(IReadOnlyList<int> counts, SamplingOptions options, ProgressSink progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        options.Validate();
        if (counts.Count != Classes.Count)
            throw new OptionException($"counts: {counts.Count} given, the generator draws {Classes.Count} classes ({string.Join(", ", Classes)}); give one for each");
        if (counts.Any(c => c < 0) || counts.Sum(c => (long)c) is 0 or > int.MaxValue)
            throw new OptionException($"counts: {string.Join(", ", counts)}; give none below 0, and at least one image in all");
        var total = counts.Sum();
        if ((long)total * Shape.Size > Array.MaxLength)
            throw new OptionException($"count: {total} images of {Shape} are more than one set holds; draw them in parts with different seeds");
        var (pixels, labels, ids) = (new byte[total * Shape.Size], new int[total], new string[total]);
        var at = 0;
        for (int label = 0; label < counts.Count; label++)
        {
            for (int index = 0; index < counts[label];)
            {
                cancel.ThrowIfCancellationRequested();
                var taken = Math.Min(BlockSize, counts[label] - index);
                Block(label, index / BlockSize, options).AsSpan(0, taken * Shape.Size).CopyTo(pixels.AsSpan(at * Shape.Size));
                for (int i = 0; i < taken; i++, at++, index++) (labels[at], ids[at]) = (label, IdOf(label, index));
                progress.Report("generate", at, total, "image");
            }
        }
        return new(Classes, Shape, ids, labels, pixels);
    }

    /// <summary>The id of image <paramref name="index"/> of a class: "syn-03-000017".</summary>
    public static string IdOf(int label, int index) => FormattableString.Invariant($"syn-{label:d2}-{index:d6}");

    /// <summary>A number of images spread evenly over classes; where it does not divide, the first classes have one more.</summary>
    public static int[] EvenCounts(int total, int classes) => [.. Enumerable.Range(0, classes).Select(k => total / classes + (k < total % classes ? 1 : 0))];

    /// <summary>All images of one block, uint8 [BlockSize, C, H, W].</summary>
    private byte[] Block(int label, int block, SamplingOptions o)
    {
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var keys = new Keys(o.Seed);
        var z = stack(Enumerable.Range(block * BlockSize, BlockSize).Select(index => keys.Normal($"sample/z/{label}", index, _generator.Options.ZDim)));
        var c = Labels.Encode([.. Enumerable.Repeat(label, BlockSize)], _generator.Options.LabelDim, Classes.Count);
        var ws = _generator.Truncate(_generator.Map(z, c), o.Psi);
        using var random = keys.Generator($"sample/noise/{label}", block);
        return Pixels.ToBytes(_generator.Synthesize(ws, o.Noise, random));
    }

    private void RequireClass(int label)
    {
        if ((uint)label >= (uint)Classes.Count)
            throw new ArgumentOutOfRangeException(nameof(label), $"class {label} is not known; the generator draws {Classes.Count}: {string.Join(", ", Classes)}");
    }

    public void Dispose() => _generator.Dispose();
}
