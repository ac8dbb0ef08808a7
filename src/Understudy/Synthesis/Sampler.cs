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
/// <see cref="BlockSize"/> consecutive indices of one class, made whole even where one image is wanted, each on one thread;
/// several threads draw several blocks. So an image made again, alone or among thousands, by one thread or by many, has the same
/// bytes on one machine.
/// </summary>
public sealed class Sampler : IDisposable
{
    /// <summary>Images that are made together.</summary>
    public const int BlockSize = 32;

    // Bytes of images between two chances for the garbage collector: see CollectionPause.
    private const int WaveBytes = 16 << 20;

    private readonly Generator _generator;
    private readonly Dictionary<Precision, Generator> _others = [];
    private Tensor? _classMeans;

    private Sampler(Generator generator, GeneratorCard card, Tensor? classMeans)
    {
        (_generator, Card, Classes, _classMeans) = (generator, card, new ClassNames(card.Classes), classMeans);
        Shape = new ImageShape(card.Options.Channels, card.Options.Resolution, card.Options.Resolution);
        GeneratorHash = GeneratorFile.HashOf(generator);
    }

    /// <param name="path">A generator.safetensors, a checkpoint, or the folder of a run.</param>
    /// <exception cref="InvalidDataException">Not a generator, damaged, or of another version.</exception>
    public static Sampler Load(string path)
    {
        TensorRuntime.Prepare();
        var (generator, card, classMeans) = GeneratorFile.LoadWithMeans(path);
        return new(generator, card, classMeans);
    }

    public GeneratorCard Card { get; }

    /// <summary>The classes it draws, in label order.</summary>
    public ClassNames Classes { get; }

    /// <summary>Of the images it draws.</summary>
    public ImageShape Shape { get; }

    /// <summary>SHA-256 over options and weights: the same whether they came from a checkpoint or an exported file.</summary>
    public string GeneratorHash { get; }

    /// <summary>How many layers are steered each by a w.</summary>
    public int LayerCount => _generator.NumWs;

    /// <summary>The network: for the tools beside this one.</summary>
    internal Generator Network => _generator;

    /// <summary>The mean w of every class, [classes, w_dim]: as the file holds it, else computed once.</summary>
    public Tensor ClassMeans => _classMeans ??= Training.ClassMeans.Of(_generator, Classes.Count).DetachFromDisposeScope();

    /// <summary>Image <paramref name="index"/> of a class, uint8 [C, H, W].</summary>
    public byte[] One(int label, int index, SamplingOptions options)
    {
        RequireClass(label);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var block = new byte[BlockSize * Shape.Size];
        DrawBlocks([(label, index / BlockSize, block)], options.Validate());
        return block.AsSpan(index % BlockSize * Shape.Size, Shape.Size).ToArray();
    }

    /// <summary>The first <c>counts[k]</c> images of every class k, as one set, class by class.</summary>
    /// <exception cref="OptionException">Another number of counts than classes, a negative one, or none at all.</exception>
    public ImageSet Draw(IReadOnlyList<int> counts, SamplingOptions options, ProgressSink progress,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        options.Validate();
        if (counts.Count != Classes.Count)
            throw new OptionException($"counts: {counts.Count} given, the generator draws {Classes.Count} classes "
                + $"({string.Join(", ", Classes)}); give one for each");
        if (counts.Any(c => c < 0) || counts.Sum(c => (long)c) is 0 or > int.MaxValue)
            throw new OptionException($"counts: {string.Join(", ", counts)}; give none below 0, and at least one image in all");
        var total = counts.Sum();
        if ((long)total * Shape.Size > Array.MaxLength)
            throw new OptionException($"count: {total} images of {Shape} are more than one set holds; draw them in parts with "
                + "different seeds");
        var (pixels, labels, ids) = (new byte[total * Shape.Size], new int[total], new string[total]);
        var blocks = new List<(int Label, int Block, Memory<byte> Into)>();
        for (int label = 0, at = 0; label < counts.Count; label++)
        {
            for (int index = 0; index < counts[label]; index++, at++)
            {
                (labels[at], ids[at]) = (label, IdOf(label, index));
                if (index % BlockSize == 0)
                    blocks.Add((label, index / BlockSize,
                        pixels.AsMemory(at * Shape.Size, Math.Min(BlockSize, counts[label] - index) * Shape.Size)));
            }
        }
        var done = 0;
        foreach (var wave in blocks.Chunk(WaveOf(WaveBytes / (BlockSize * Shape.Size), Environment.ProcessorCount)))
        {
            cancel.ThrowIfCancellationRequested();
            DrawBlocks(wave, options);
            done += wave.Sum(b => b.Into.Length / Shape.Size);
            progress.Report("generate", done, total, "image");
        }
        return new(Classes, Shape, ids, labels, pixels);
    }

    /// <summary>The id of image <paramref name="index"/> of a class: "syn-03-000017".</summary>
    public static string IdOf(int label, int index) => FormattableString.Invariant($"syn-{label:d2}-{index:d6}");

    /// <summary>
    /// A number of images spread evenly over classes; where it does not divide, the first classes have one more.
    /// </summary>
    public static int[] EvenCounts(int total, int classes) =>
        [.. Enumerable.Range(0, classes).Select(k => total / classes + (k < total % classes ? 1 : 0))];

    /// <summary>
    /// Blocks that are drawn before progress is told: as many as fit, one for each processor at least, 64 or one for each at
    /// most.
    /// </summary>
    internal static int WaveOf(int fitting, int processors) => Math.Clamp(fitting, processors, Math.Max(64, processors));

    /// <summary>Draws blocks, each on one thread of libtorch, as many at once as libtorch may use.</summary>
    private void DrawBlocks((int Label, int Block, Memory<byte> Into)[] blocks, SamplingOptions o)
    {
        var generator = For(o.Precision?.Here() ?? _generator.Options.Precision);
        var centers = o is { Center: Center.Class, Psi: not 1 } ? ClassMeans : null;
        using var pause = CollectionPause.Begin();
        var threads = get_num_threads();
        try
        {
            if (threads == 1 || blocks.Length == 1) foreach (var b in blocks) DrawHere(b);
            else Parallel.ForEach(blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, DrawHere);
        }
        finally
        {
            set_num_threads(threads);
        }

        void DrawHere((int Label, int Block, Memory<byte> Into) b)
        {
            // Both belong to the thread that runs this.
            set_num_threads(1);
            Denormals.Flush();
            DrawBlock(generator, Classes.Count, b.Label, b.Block, centers, o, b.Into.Span);
        }
    }

    /// <summary>The first images of one block, as many as <paramref name="into"/> has room for, uint8 [N, C, H, W].</summary>
    private static void DrawBlock(Generator generator, int classes, int label, int block, Tensor? centers, SamplingOptions o,
        Span<byte> into)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (keys, dim) = (new Keys(o.Seed), generator.Options.ZDim);
        var latents = new float[BlockSize * dim];
        for (int i = 0; i < BlockSize; i++)
        {
            var random = keys.Random($"sample/z/{label}", block * BlockSize + i);
            foreach (ref var v in latents.AsSpan(i * dim, dim)) v = (float)random.Normal();
        }
        var c = LabelEncoding.Encode([.. Enumerable.Repeat(label, BlockSize)], generator.Options.LabelDim, classes);
        var ws = generator.Truncate(generator.Map(tensor(latents, [BlockSize, dim]), c), o.Psi, center: centers?[label]);
        using var noise = keys.Generator($"sample/noise/{label}", block);
        Pixels.ToBytes(generator.Synthesize(ws, o.Noise, noise)).AsSpan(0, into.Length).CopyTo(into);
    }

    /// <summary>The network with feature maps of this type.</summary>
    private Generator For(Precision precision)
    {
        if (precision == _generator.Options.Precision) return _generator;
        if (_others.TryGetValue(precision, out var other)) return other;
        other = new Generator(_generator.Options with { Precision = precision }, 0);
        Weights.CopyState(_generator, other);
        other.eval();
        return _others[precision] = other;
    }

    private void RequireClass(int label)
    {
        if ((uint)label >= (uint)Classes.Count)
            throw new ArgumentOutOfRangeException(nameof(label),
                $"class {label} is not known; the generator draws {Classes.Count}: {string.Join(", ", Classes)}");
    }

    public void Dispose()
    {
        _classMeans?.Dispose();
        foreach (var other in _others.Values) other.Dispose();
        _generator.Dispose();
    }
}
