using Understudy.Common;
using Understudy.Networks.StyleGan2;
using Understudy.Training;
using static TorchSharp.torch;

namespace Understudy.Synthesis;

/// <summary>A face to be drawn: a number that stands for its latent z, and the class it is to show.</summary>
/// <param name="Seed">The same number is the same z under every class.</param>
public sealed record Face(long Seed, int Label);

/// <summary>How the tools draw: with noise that stays, so that only what is asked for changes.</summary>
public sealed record ToolOptions
{
    /// <summary>Truncation ψ, −2 to 2.</summary>
    public double Psi { get; init; } = 1;

    /// <summary>Where ψ 0 lies.</summary>
    public Center Center { get; init; } = Center.Global;

    /// <summary>The stored pattern, or none.</summary>
    public NoiseMode Noise { get; init; } = NoiseMode.Const;

    /// <exception cref="OptionException">Names the key, the value and the range.</exception>
    public ToolOptions Validate()
    {
        OptionException.RequireRange("psi", Psi, -2, 2);
        if (Noise == NoiseMode.Random)
            throw new OptionException("noise: random would flicker from image to image; give const or none");
        return this;
    }
}

/// <summary>From faces to z, w and images, in small batches; what the tools share.</summary>
internal sealed class Latents(Sampler sampler, ToolOptions options)
{
    private const int Batch = 32;

    private readonly ToolOptions _options = options.Validate();

    /// <summary>z of a seed, [z_dim].</summary>
    public Tensor Z(long seed) => new Keys(0).Normal("tools/z", seed, sampler.Network.Options.ZDim);

    /// <summary>z's [N, z_dim] under their labels to ws [N, NumWs, w_dim], truncated.</summary>
    /// <exception cref="OptionException">A label that the generator does not know.</exception>
    public Tensor Map(Tensor z, IReadOnlyList<int> labels)
    {
        using var scope = NewDisposeScope();
        var generator = sampler.Network;
        foreach (var label in labels)
        {
            if ((uint)label >= (uint)sampler.Classes.Count)
                throw new OptionException($"class: {label} is not known; the generator draws 0 to {sampler.Classes.Count - 1}: "
                    + $"{sampler.Classes}");
        }
        var c = LabelEncoding.Encode(labels, generator.Options.LabelDim, sampler.Classes.Count);
        var center = _options is { Center: Center.Class, Psi: not 1 }
            ? sampler.ClassMeans.index_select(0, tensor(labels.Select(l => (long)l).ToArray())) : null;
        return generator.Truncate(generator.Map(z, c), _options.Psi, center: center).MoveToOuterDisposeScope();
    }

    /// <summary>The truncated ws of faces, [N, NumWs, w_dim].</summary>
    public Tensor Map(IReadOnlyList<Face> faces)
    {
        using var scope = NewDisposeScope();
        return Map(stack(faces.Select(f => Z(f.Seed))), [.. faces.Select(f => f.Label)]).MoveToOuterDisposeScope();
    }

    /// <summary>Images of ws [N, NumWs, w_dim], each uint8 [C, H, W].</summary>
    public List<byte[]> Draw(Tensor ws)
    {
        var (images, size) = (new List<byte[]>(), sampler.Shape.Size);
        for (long at = 0; at < ws.shape[0]; at += Batch)
        {
            using var scope = NewDisposeScope();
            var bytes = Pixels.ToBytes(
                sampler.Network.Synthesize(ws.narrow(0, at, Math.Min(Batch, ws.shape[0] - at)), _options.Noise));
            for (int i = 0; i < bytes.Length; i += size) images.Add(bytes[i..(i + size)]);
        }
        return images;
    }
}
