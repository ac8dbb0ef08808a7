using TorchSharp;
using static TorchSharp.torch;

namespace Understudy.Networks.StyleGan2;

/// <summary>StyleGAN2's generator (Karras et al. 2020, arXiv 1912.04958; conditional as in arXiv 2006.06676).</summary>
public sealed class Generator : nn.Module
{
    /// <summary>Initialises every parameter from a seed keyed by the parameter's name.</summary>
    public Generator(GeneratorOptions options, ulong seed) : base(nameof(Generator)) => Options = options.Validate();

    public GeneratorOptions Options { get; }

    /// <summary>How many w's steer one image: two a block.</summary>
    public int NumWs => throw new NotImplementedException();

    /// <summary>z [N, z_dim] and labels c [N, label_dim] (null where unconditional) to ws [N, NumWs, w_dim].</summary>
    /// <param name="trackAverage">Moves the running mean of w by this batch (training's own forward passes).</param>
    public Tensor Map(Tensor z, Tensor? c = null, bool trackAverage = false) => throw new NotImplementedException();

    /// <summary>w_avg + ψ (w − w_avg), for the first <paramref name="cutoff"/> layers (default: all). ws [N, NumWs, w_dim].</summary>
    public Tensor Truncate(Tensor ws, double psi, int? cutoff = null) => throw new NotImplementedException();

    /// <summary>ws [N, NumWs, w_dim] to images [N, C, H, W], float32, about [−1, 1].</summary>
    /// <param name="random">Where <see cref="NoiseMode.Random"/> draws from; needed there.</param>
    public Tensor Synthesize(Tensor ws, NoiseMode noise, torch.Generator? random = null) => throw new NotImplementedException();

    /// <summary>A second generator of the same options with the same parameters and buffers, sharing nothing: for averaging (EMA).</summary>
    public Generator Copy() => throw new NotImplementedException();
}
