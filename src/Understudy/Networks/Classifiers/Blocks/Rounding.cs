using TorchSharp;
using TorchSharp.Modules;
using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Networks.Classifiers;

/// <summary>
/// Classifiers in bfloat16: convolutions and the maps between them have eight significant bits, and sums within a convolution,
/// batch norm's statistics and parameters, and all from the mean over the image on are float32.
/// </summary>
internal static class Rounding
{
    /// <summary>Makes weights and biases of a network's convolutions bfloat16, if that is what is asked for.</summary>
    /// <param name="net">New: whatever holds its parameters loses them.</param>
    public static nn.Module<Tensor, Tensor> Apply(nn.Module<Tensor, Tensor> net, Precision precision)
    {
        if (precision == Precision.Float32) return net;
        foreach (var convolution in net.modules().Where(m => m is Conv2d or Depthwise)) convolution.to(ScalarType.BFloat16);
        return net;
    }

    /// <summary>Images, float32 [N, C, H, W], as such a network takes them: of the right type, channels-last in memory.</summary>
    public static Tensor Images(Tensor images, Precision precision) =>
        Layout.ChannelsLastImages(precision == Precision.BFloat16 ? images.to(ScalarType.BFloat16) : images);
}
