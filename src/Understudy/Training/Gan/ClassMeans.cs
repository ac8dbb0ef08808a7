using Understudy.Common;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Training;

/// <summary>
/// The mean w of every class: centres for truncation that keep classes apart, where the one running mean pulls them together. A
/// function of the generator's weights alone: 10,000 z's drawn by key, the same ones for every class.
/// </summary>
public static class ClassMeans
{
    /// <summary>Latents that a mean is taken over.</summary>
    public const int Samples = 10_000;

    /// <summary>Of more classes a generator's file holds no means: they would take longer than all else of a snapshot.</summary>
    internal const int MostStored = 100;

    private const int Chunk = 1000;

    /// <summary>[classes, w_dim], float32, on the CPU.</summary>
    /// <param name="classes">How many it draws; 1 for a generator that knows none.</param>
    public static Tensor Of(Generator generator, int classes)
    {
        ArgumentNullException.ThrowIfNull(generator);
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (o, keys) = (generator.Options, new Keys(0));
        var sums = zeros(classes, o.WDim, dtype: ScalarType.Float64);
        for (int at = 0; at < Samples; at += Chunk)
        {
            using var chunk = NewDisposeScope();
            var z = keys.Normal("means/z", at, Chunk, o.ZDim);
            for (int k = 0; k < classes; k++)
            {
                var c = LabelEncoding.Encode([k], o.LabelDim, classes);
                sums[k].add_(generator.Map(z, c).select(1, 0).to(ScalarType.Float64).sum([0]));
            }
        }
        return (sums / Samples).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
